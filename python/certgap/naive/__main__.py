"""``python -m certgap.naive``: write the figures of the page again."""

from certgap.naive import page

if __name__ == "__main__":
    page.write()
    print(page.PAGE)

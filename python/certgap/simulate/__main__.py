"""`python -m certgap.simulate` makes the bundled sample company anew."""

from certgap.simulate.reference_data import PROJECT_FOLDER
from certgap.simulate.simulation import write_sample

if __name__ == "__main__":
    write_sample(PROJECT_FOLDER / "sample_data")

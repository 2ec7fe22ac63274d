"""``python -m certgap.bench``: see ``certgap.bench.command``."""

import sys

from certgap.bench.command import main

sys.exit(main())

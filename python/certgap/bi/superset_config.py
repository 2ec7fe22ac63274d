"""Settings of the local Superset; it reads this file by SUPERSET_CONFIG_PATH."""

import copy
import os
from pathlib import Path

from superset.config import TALISMAN_CONFIG as DEFAULTS

HOME = Path(os.environ["SUPERSET_HOME"])
SECRET_KEY = (HOME / "secret_key").read_text(encoding="ascii").strip()
SQLALCHEMY_DATABASE_URI = f"sqlite:///{HOME / 'superset.db'}"
# A publication replaces the file: what was read before it must not be shown after it.
CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
DATA_CACHE_CONFIG = {"CACHE_TYPE": "NullCache"}
# One process of one machine.
RATELIMIT_ENABLED = False
# Superset's pages carry a picture that counts installations for its makers: the browser is told to
# fetch none from elsewhere.
TALISMAN_CONFIG = copy.deepcopy(DEFAULTS)
_policy = TALISMAN_CONFIG["content_security_policy"]
_policy["img-src"] = ["'self'", "blob:", "data:"]

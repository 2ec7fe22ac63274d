"""An invented company: raw deliveries in the vendors' own formats, and the truth beside them."""

from certgap.simulate.simulation import run

__all__ = ["run"]

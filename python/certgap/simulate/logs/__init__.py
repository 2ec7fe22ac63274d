"""Web gateways and sign-in logs the simulator can write, by the name of their vendor."""

from certgap.simulate.logs.log import Log
from certgap.simulate.logs.sign_in_logs import Entra, Okta
from certgap.simulate.logs.web_gateways import Netskope, Zscaler

LOGS: dict[str, Log] = {log.name: log for log in (Entra(), Okta(), Zscaler(), Netskope())}

__all__ = ["LOGS", "Log"]

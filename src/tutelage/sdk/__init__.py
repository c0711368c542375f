"""For programs that reach Tutelage over HTTP: a typed client, and adapters for agent frameworks.

It knows the domain's events and errors and nothing else of the package.
"""

from tutelage.sdk.client import Client, RemoteVisit
from tutelage.sdk.flow import Flow, Report, Sampling

__all__ = ["Client", "Flow", "RemoteVisit", "Report", "Sampling"]

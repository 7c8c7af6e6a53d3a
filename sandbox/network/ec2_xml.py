"""EC2 answers as XML, made straight from nested dicts with the service's element names."""

from typing import Any
from uuid import uuid4
from xml.sax.saxutils import escape

from moto.core.responses import ActionContext, ActionResult

NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15"


class XmlAnswer(ActionResult):
    """An answer made of views, written without consulting the service model."""

    def execute_result(self, context: ActionContext) -> Any:
        """Status, headers and body."""
        name = context.operation_model.name
        body = f'<?xml version="1.0" encoding="utf-8"?>\n<{name}Response xmlns="{NAMESPACE}">'
        body += f"<requestId>{uuid4()}</requestId>{xml(self.result)}</{name}Response>"
        return 200, {"Content-Type": "text/xml"}, body


def xml(value: Any) -> str:
    """A view as XML text; None members are left out."""
    if isinstance(value, dict):
        return "".join(
            [f"<{key}>{xml(each)}</{key}>" for key, each in value.items() if each is not None]
        )
    if isinstance(value, list):
        return "".join([f"<item>{xml(each)}</item>" for each in value])
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape(value) if isinstance(value, str) else str(value)


def at(view: Any, path: str) -> list[Any]:
    """All values at a dotted path; lists on the way fan out."""
    found = [view]
    for name in path.split("."):
        flat = [each for item in found for each in (item if isinstance(item, list) else [item])]
        found = [
            item[name] for item in flat if isinstance(item, dict) and item.get(name) is not None
        ]
    return [each for item in found for each in (item if isinstance(item, list) else [item])]

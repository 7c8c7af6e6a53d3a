"""Lambda functions, their versions, aliases and tags: what can be read of them."""

from typing import Any

from moto.awslambda.models import LambdaFunction

from .functions_base import Params, arn, fail, find, find_any, page, serve, split


def _configuration(backend: Any, function: Any, name: str, qualifier: str | None) -> Params:
    """A configuration under the ARN that was asked for; an alias tells the version behind it."""
    shown = dict(function.get_configuration()) | {"FunctionArn": arn(backend, name, qualifier)}
    return {key: value for key, value in shown.items() if value is not None}


def get_function_configuration(backend: Any, params: Params) -> Params:
    """The configuration of a function, a version or an alias."""
    return _configuration(backend, *find(backend, params))


def get_function(backend: Any, params: Params) -> Params:
    """Configuration, tags and reserved concurrency, which may be 0."""
    function, name, qualifier = find(backend, params)
    whole = backend._lambdas.get_function_by_name_with_qualifier(name)
    shown = dict(function.get_code())
    shown.pop("Concurrency", None)
    shown["Configuration"] = _configuration(backend, function, name, qualifier)
    if whole.reserved_concurrency is not None:
        shown["Concurrency"] = {"ReservedConcurrentExecutions": whole.reserved_concurrency}
    return shown | ({"Tags": whole.tags} if whole.tags else {})


def list_functions(backend: Any, params: Params) -> Params:
    """A page of functions, or of all their versions, by name."""
    found = list(backend.list_functions(params.get("FunctionVersion")))
    found.sort(key=lambda function: function.function_name)
    return page(params, "Functions", [_listed(function) for function in found])


def _listed(function: LambdaFunction) -> Params:
    return {key: value for key, value in function.get_configuration().items() if value is not None}


def list_versions_by_function(backend: Any, params: Params) -> Params:
    """A page of versions, $LATEST first."""
    _, name, _ = find_any(backend, params)
    versions = [_listed(each) for each in backend.list_versions_by_function(name)]
    return page(params, "Versions", versions)


def list_aliases(backend: Any, params: Params) -> Params:
    """A page of aliases, of one version if asked so."""
    _, name, _ = find_any(backend, params)
    version = params.get("FunctionVersion")
    aliases = [row.to_json() for row in backend.list_aliases(name)]
    chosen = [row for row in aliases if version in (None, row["FunctionVersion"])]
    return page(params, "Aliases", [_without_nothing(row) for row in chosen])


def _without_nothing(row: Params) -> Params:
    return {key: value for key, value in row.items() if value is not None}


def list_tags(backend: Any, params: Params) -> Params:
    """The tags of a function or of an event source mapping, by ARN."""
    resource = params["Resource"]
    if ":event-source-mapping:" in resource:
        mapping = backend.get_event_source_mapping(resource.rsplit(":", 1)[-1])
        if mapping is None:
            fail("ResourceNotFoundException", "The resource you requested does not exist.")
        return {"Tags": mapping.tags}
    name, qualifier = split(backend, resource)
    if qualifier:
        text = "Tags on function aliases and versions are not supported"
        fail("InvalidParameterValueException", f"{text}. Please specify a function ARN.")
    return {"Tags": backend._lambdas.get_function_by_name_with_qualifier(name).tags}


def install() -> None:
    """Put the strict operations in place of moto's."""
    serve(
        {
            "GetFunction": get_function,
            "GetFunctionConfiguration": get_function_configuration,
            "ListFunctions": list_functions,
            "ListVersionsByFunction": list_versions_by_function,
            "ListAliases": list_aliases,
            "ListTags": list_tags,
        }
    )

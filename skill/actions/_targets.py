"""From what was said or tagged to the live instances that it means."""

import re
from collections.abc import Iterable, Sequence

from skill import endings, names
from skill.aws import Aws
from skill.aws.ec2 import Instance, filters
from skill.entity import INSTANCE, Entity, parse
from skill.errors import Ambiguous, BadRequest, NoMatch, Refused
from skill.model import Target

ALL = "ALL"
_ID = re.compile(r"i-[0-9a-f]{8,17}")


def instance(aws: Aws, heard: str) -> Instance:
    """The one live instance with that id or that name, as spoken. Raises NoMatch or Ambiguous."""
    if not heard:
        raise BadRequest(missing="instance")
    found = aws.ec2.by_id(heard) if _ID.fullmatch(heard) else _called(aws, heard)
    if not found:
        raise NoMatch(heard=heard, nearest=names.nearest(heard, aws.ec2.tag_values("Name")))
    if len(found) > 1:
        raise Ambiguous(heard=heard, matches=[_distinct(one, found) for one in found[:4]])
    return found[0]


def entity(aws: Aws, heard: str) -> tuple[Entity, Instance]:
    """An instance as an entity, by ARN wherever it is, or by what was said at home."""
    if not heard.startswith("arn:"):
        one = instance(aws, heard)
        return _at_home(aws, one), one
    return parse(heard), instance(place(aws, heard), parse(heard).id)


def place(aws: Aws, heard: str) -> Aws:
    """Where an instance is: its ARN tells, a name is at home. Raises BadRequest, Refused."""
    if not heard.startswith("arn:"):
        return aws
    named = parse(heard)
    if named.kind != INSTANCE:
        raise BadRequest(entity=heard[:200])
    return aws.at(named.account, named.region)


def spot(aws: Aws, instances: Sequence[str]) -> tuple[Aws, list[str]]:
    """Where some instances are, which must be one place, and their ids: ARNs tell, ids are at home.

    Raises BadRequest, Refused.
    """
    named = [parse(one) for one in instances if one.startswith("arn:")]
    if not named:
        return aws, list(instances)
    places = {(one.kind, one.account, one.region) for one in named}
    if len(named) < len(instances) or len(places) > 1 or named[0].kind != INSTANCE:
        raise BadRequest(malformed="instances")
    return aws.at(named[0].account, named[0].region), [one.id for one in named]


def _at_home(aws: Aws, one: Instance) -> Entity:
    settings = aws.settings
    arn = settings.arn("ec2", f"instance/{one.id}")
    return Entity(INSTANCE, one.id, arn, settings.account, settings.region)


def _called(aws: Aws, heard: str) -> list[Instance]:
    """Those with that name as spoken; else those that were called by their end."""
    end = names.ending(heard)
    if end is None:
        return _named(heard, aws.ec2.named(*names.patterns(heard)))
    named, ended = aws.gather(
        lambda: aws.ec2.named(*names.patterns(heard)),
        lambda: aws.ec2.instances(*filters(instance_id=endings.id_pattern(end))),
    )
    nameless = [one for one in ended if one.name == one.id]
    return _named(heard, [*named, *nameless]) or [one for one in ended if _with_head(end, one)]


def _named(heard: str, live: Sequence[Instance]) -> list[Instance]:
    wanted = set(names.matching(heard, [one.name for one in live]))
    return [one for one in live if one.name in wanted]


def _with_head(end: endings.End, one: Instance) -> bool:
    """Whether an instance is the one of several that were told apart by the ends of their ids."""
    return not end.head or names.key(end.head) == names.key(one.name)


def _distinct(one: Instance, found: Sequence[Instance]) -> str:
    """Its name, with the end of its id where another one is said alike."""
    said = [other for other in found if names.spoken(other.name) == names.spoken(one.name)]
    if len(said) == 1 or endings.unnamed(one.name):
        return one.name
    return f"{one.name} ending {one.id[-endings.DIGITS :]}"


def fleet(aws: Aws, group: str = "", instances: Iterable[str] = ()) -> list[Instance]:
    """The live instances of a group as spoken, of everything (ALL), or by id. Raises NoMatch."""
    if ids := list(instances):
        if any(one.startswith("arn:") for one in ids):
            raise Refused(reason="only_at_home")
        return aws.ec2.by_id(*ids)
    if not group:
        raise BadRequest(missing="group")
    if group == ALL:
        return aws.ec2.instances()
    key = aws.settings.group_tag
    found = aws.ec2.instances(*filters(**{f"tag__{key}": names.patterns(_singular(group))}))
    members = [one for one in found if same_group(one.tags.get(key, ""), group)]
    if not members:
        raise NoMatch(heard=group, nearest=names.nearest(group, aws.ec2.tag_values(key)))
    return members


def same_group(tag: str, said: str) -> bool:
    """Whether a group tag is said like that, in singular or plural."""
    return bool(tag) and names.key(_singular(tag)) == names.key(_singular(said))


def _singular(group: str) -> str:
    """Plural as spoken ("the databases") and as tagged ("batch", "bastions") made alike."""
    return re.sub(r"(?<=[a-rt-z])s\b", "", group.casefold()).strip() or group


def target(one: Instance) -> Target:
    return Target(id=one.id, name=one.name, protected=one.protected)


def group_values(aws: Aws, members: Sequence[Instance]) -> list[str]:
    """The distinct group tags of some instances."""
    key = aws.settings.group_tag
    return sorted({one.tags[key] for one in members if one.tags.get(key)})


def short_role(profile: str) -> str:
    """The name of an instance profile without its path: the last element of the ARN."""
    return profile.rpartition("/")[2]


def sharing(aws: Aws, instance: str, profile: str) -> list[Instance]:
    """Other live instances with the same instance profile: they hold the same credentials."""
    if not profile:
        return []
    same = aws.ec2.instances(*filters(**{"iam_instance_profile.arn": profile}))
    return [other for other in same if other.id != instance]

"""Auto Scaling groups in time: members move between states, are registered with the group's
balancers, checked, replaced, and counted against the desired capacity.

A member is moto's `InstanceState`; while it moves, `ext_due` says when it arrives where, and
`ext_activity` what is reported about it. Nothing happens by itself: whoever asks Auto Scaling or a
balancer, or waits for a quiet world, first lets everything happen that is overdue (`advance`).

Not documented, so guessed: that a move takes ten seconds and a launch a minute, and that a balancer
needs a minute to find a machine unhealthy. Grace periods, cooldowns and lifecycle hooks take no
time in the box.
"""

from collections.abc import Iterator
from typing import Any

from moto.autoscaling.models import ASG_NAME_TAG, InstanceState, autoscaling_backends
from moto.ec2.models import ec2_backends

from sandbox.balance import activities, targets
from sandbox.balance.base import alive, now

MOVE, LAUNCH, SICK = 10.0, 60.0, 60.0
"""Modelled seconds of a change of state, of a launch, and until a failing target is unhealthy."""
COUNTED = ("Pending", "InService")


def move(member: Any, state: str, then: str, activity: Any = None, seconds: float = MOVE) -> None:
    """Put a member into a state for a while, and into another one then."""
    member.lifecycle_state = state
    member.ext_due = (now() + seconds, then)
    member.ext_activity = activity


def advance(account: str, region: str) -> None:
    """Let everything that is overdue happen in one account and Region."""
    for backend in alive(autoscaling_backends):
        if (backend.account_id, backend.region_name) == (account, region):
            settle(backend)


def settle(backend: Any) -> None:
    """Let everything that is overdue happen in one backend."""
    for group in list(backend.autoscaling_groups.values()):
        for member in list(group.instance_states):
            due = getattr(member, "ext_due", None)
            if due and due[0] <= now():
                arrive(group, member)
        _check_health(group)
        balance(group)


def arrive(group: Any, member: Any) -> None:
    """End a member's move."""
    member.lifecycle_state = member.ext_due[1]
    member.ext_due = None
    activities.finish(member.ext_activity)
    if member.lifecycle_state == "InService":
        join(group, member)
    if member.lifecycle_state == "Terminated":
        terminate(member)
    if member.lifecycle_state in ("Detached", "Terminated"):
        leave(group, member)


def join(group: Any, member: Any) -> None:
    """Register a running member with the target groups and balancers of its group."""
    if member.instance.state != "running":
        return
    for target_group in _target_groups(group):
        target_group.register([{"Id": member.instance_id}])
    for balancer in _balancers(group):
        if member.instance_id not in balancer.instance_ids:
            balancer.instance_autoscaling_ids.append(member.instance_id)


def part(group: Any, member: Any) -> None:
    """Take a member out of the target groups and balancers of its group."""
    for target_group in _target_groups(group):
        target_group.deregister([{"Id": member.instance_id}])
    for balancer in _balancers(group):
        for name in ("instance_sparse_ids", "instance_autoscaling_ids"):
            kept = [each for each in getattr(balancer, name) if each != member.instance_id]
            setattr(balancer, name, kept)


def _target_groups(group: Any) -> list[Any]:
    known = group.autoscaling_backend.elbv2_backend.target_groups
    return [known[arn] for arn in group.target_group_arns if arn in known]


def _balancers(group: Any) -> list[Any]:
    known = group.autoscaling_backend.elb_backend.load_balancers
    return [known[name] for name in group.load_balancer_names if name in known]


def add(group: Any, instance: Any) -> Any:
    """Make an instance a member; it is tagged with the group's name."""
    instance.autoscaling_group = group
    protected = group.new_instances_protected_from_scale_in
    member = InstanceState(instance, "Pending", "Healthy", protected, group)
    group.ec2_backend.create_tags([instance.id], {ASG_NAME_TAG: group.name})
    group.instance_states.append(member)
    return member


def leave(group: Any, member: Any) -> None:
    """The instance is the group's no more."""
    group.instance_states.remove(member)
    del member.instance.autoscaling_group
    ec2_backends[group.account_id][group.region].tags[member.instance_id].pop(ASG_NAME_TAG, None)


def terminate(member: Any) -> None:
    """Auto Scaling terminates whom it likes: termination protection does not hold it off."""
    member.instance.terminate()
    member.auto_scaling_group.autoscaling_backend.elbv2_backend.notify_terminate_instances(
        [member.instance_id]
    )


def counted(group: Any) -> list[Any]:
    """The members that count as capacity: neither on standby nor leaving."""
    return [each for each in group.instance_states if each.lifecycle_state in COUNTED]


def balance(group: Any) -> None:
    """Launch or end instances until there are as many as desired."""
    surplus = len(counted(group)) - group.desired_capacity
    if surplus < 0 and _does(group, "Launch"):
        for _ in range(-surplus):
            _launch(group)
    if surplus > 0 and _does(group, "Terminate"):
        spare = [each for each in counted(group) if not each.protected_from_scale_in]
        for member in spare[:surplus]:
            end(group, member, "was selected for termination.")


def _does(group: Any, *processes: str) -> bool:
    """Whether none of these processes is suspended."""
    return not {row["ProcessName"] for row in group.suspended_processes} & set(processes)


def _launch(group: Any) -> None:
    """One more instance, in the subnet that has the fewest."""
    used = [each.instance.subnet_id for each in group.instance_states]
    names = (group.vpc_zone_identifier or "").split(",")
    subnet = group.ec2_backend.get_subnet(min(names, key=used.count)) if names[0] else None
    template = group.ec2_launch_template
    reservation = group.ec2_backend.run_instances(
        group.image_id,
        1,
        group.user_data,
        group.security_groups,
        instance_type=group.instance_type,
        is_instance_type_default=False,
        tags={"instance": group.get_propagated_tags() | group.instance_tags},
        placement=subnet.availability_zone if subnet else group.availability_zones[0],
        launch_config=group.launch_config,
        launch_template={"LaunchTemplateId": template.id} if template else None,
        subnet_id=subnet.id if subnet else None,
    )
    instance = reservation.instances[0]
    _give_profile(group, instance)
    why = "an instance was started in response to a difference between desired and actual capacity."
    activity = activities.start(group, instance, "Launching a new EC2 instance", why)
    move(add(group, instance), "Pending", "InService", activity, LAUNCH)


def _give_profile(group: Any, instance: Any) -> None:
    """The instance profile of the launch template, which moto leaves out."""
    template = group.ec2_launch_template
    data = template.get_version(group.launch_template_version).data if template else {}
    if profile := data.get("IamInstanceProfile"):
        group.ec2_backend.associate_iam_instance_profile(
            instance.id,
            iam_instance_profile_name=profile.get("Name"),
            iam_instance_profile_arn=profile.get("Arn"),
        )


def end(group: Any, member: Any, why: str) -> Any:
    """Take a member out of service for good; gives the activity."""
    part(group, member)
    activity = activities.start(
        group, member.instance, "Terminating EC2 instance", f"instance {member.instance_id} {why}"
    )
    move(member, "Terminating", "Terminated", activity)
    return activity


def _check_health(group: Any) -> None:
    """Replace what is in service and unhealthy: stopped, cut off from its balancer, or said so."""
    for member in [each for each in group.instance_states if each.lifecycle_state == "InService"]:
        member.ext_sick = _sick_since(group, member)
        stopped = member.instance.state != "running"
        failing = member.ext_sick is not None and now() >= member.ext_sick + SICK
        if (stopped or failing) and _does(group, "HealthCheck"):
            member.health_status = "Unhealthy"
        if member.health_status == "Unhealthy" and _does(group, "ReplaceUnhealthy", "Terminate"):
            end(group, member, "was taken out of service in response to a health check failure.")


def _sick_since(group: Any, member: Any) -> float | None:
    """When the group's balancers were first seen to miss a member; None while they do not."""
    if "ELB" not in group.health_check_type:
        return None
    for each in _target_groups(group):
        if targets.health(each, (member.instance_id, int(each.port)))["State"] == "unhealthy":
            since: float | None = getattr(member, "ext_sick", None)
            return now() if since is None else since
    return None


def finish(account: str, region: str) -> None:
    """Everything that is under way has come to its end, without the time that it takes."""
    for group in list(autoscaling_backends[account][region].autoscaling_groups.values()):
        for member in [each for each in group.instance_states if getattr(each, "ext_due", None)]:
            arrive(group, member)


def moments() -> Iterator[float]:
    """When something is due in a group; what is overdue is done first."""
    for backend in alive(autoscaling_backends):
        settle(backend)
        members = [each for g in backend.autoscaling_groups.values() for each in g.instance_states]
        for member in members:
            sick = getattr(member, "ext_sick", None)
            if due := getattr(member, "ext_due", None):
                yield due[0]
            elif sick is not None and sick + SICK > now():
                yield sick + SICK

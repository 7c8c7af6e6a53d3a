"""EC2 resources as the wire shows them: nested dicts with the service's own element names.

One description serves rendering and filtering, so both always agree. moto's general serializer
needs over two milliseconds for an instance; this one needs a small part of that.
"""

from typing import Any

from moto.iam import iam_backends

from sandbox.network import addresses, metadata

View = dict[str, Any]


def stamp(moment: Any) -> str | None:
    """A time as EC2 writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.000Z" if moment else None


def tag_items(backend: Any, resource_id: str) -> list[View]:
    """The tags of a resource."""
    tags = backend.tags.get(resource_id) or {}
    return [{"key": key, "value": value} for key, value in tags.items()]


def group_items(groups: Any) -> list[View]:
    """Security groups by id and name, in the interface's order."""
    return [{"groupId": group.id, "groupName": group.name} for group in groups]


def reservation(found: Any, instances: list[View]) -> View:
    """A reservation around some of its instances."""
    return {
        "reservationId": found.id,
        "ownerId": found.owner_id,
        "groupSet": [],
        "instancesSet": instances,
    }


def instance(item: Any) -> View:
    """An instance; a terminated one has lost its network, its groups and its disks."""
    gone = item.state == "terminated"
    return _identity(item) | _network(item, gone) | _machine(item) | _extras(item, gone)


def _identity(item: Any) -> View:
    return {
        "instanceId": item.id,
        "imageId": item.image_id,
        "instanceState": {"code": item.state_code, "name": item.state},
        "reason": item.state_transition_reason or "",
        "keyName": item.key_name,
        "amiLaunchIndex": item.ami_launch_index,
        "productCodes": [],
        "instanceType": item.instance_type,
        "launchTime": stamp(item.launch_time),
        "placement": {
            "groupName": "",
            "tenancy": item.placement.tenancy,
            "availabilityZone": item.placement.zone,
            "hostId": item.placement.host_id,
        },
        "monitoring": {"state": item.monitoring_state},
    }


def _network(item: Any, gone: bool) -> View:
    if gone or 0 not in item.nics:
        return {"privateDnsName": "", "dnsName": "", "groupSet": [], "networkInterfaceSet": []}
    first = item.nics[0]
    return {
        "privateDnsName": item.private_dns_name,
        "dnsName": item.public_dns_name or "",
        "subnetId": first.subnet.id,
        "vpcId": first.subnet.vpc_id,
        "privateIpAddress": first.private_ip_address,
        "ipAddress": first.public_ip,
        "ipv6Address": first.ipv6_addresses[0] if first.ipv6_addresses else None,
        "sourceDestCheck": first.source_dest_check,
        "groupSet": group_items(first.group_set),
        "networkInterfaceSet": [_attached(item.nics[index]) for index in sorted(item.nics)],
    }


def _machine(item: Any) -> View:
    windows = item.platform == "windows"
    return {
        "architecture": item.architecture,
        "hypervisor": item.hypervisor,
        "platform": "windows" if windows else None,
        "platformDetails": "Windows" if windows else "Linux/UNIX",
        "virtualizationType": item.virtualization_type,
        "ebsOptimized": bool(item.ebs_optimized),
        "rootDeviceName": item.root_device_name,
        "rootDeviceType": item.root_device_type,
        "sriovNetSupport": item.sriov_net_support,
        "instanceLifecycle": item.lifecycle,
        "metadataOptions": metadata.view(item),
    }


def _extras(item: Any, gone: bool) -> View:
    why = item.state_reason
    return {
        "blockDeviceMapping": []
        if gone
        else [disk(*each) for each in item.block_device_mapping.items()],
        "clientToken": item.client_token or "",
        "iamInstanceProfile": None if gone else _profile(item),
        "stateReason": {"code": why.code, "message": why.message} if why.code else None,
        "hibernationOptions": {
            "configured": bool((item.hibernation_options or {}).get("Configured"))
        },
        "tagSet": tag_items(item.ec2_backend, item.id) or None,
    }


def _profile(item: Any) -> View | None:
    """moto shows the association's id where the service shows the profile's."""
    if not item.iam_instance_profile:
        return None
    arn = item.iam_instance_profile["Arn"]
    backend = iam_backends[item.owner_id][item.ec2_backend.partition]
    known = backend.instance_profiles.get(arn) or backend.instance_profiles.get(
        arn.rsplit("/", 1)[-1]
    )
    return {"arn": arn, "id": known.id if known else item.iam_instance_profile["Id"]}


def disk(name: str, block: Any) -> View:
    return {
        "deviceName": name,
        "ebs": {
            "volumeId": block.volume_id,
            "status": {"in-use": "attached", "available": "detached"}.get(
                block.status, block.status
            ),
            "attachTime": stamp(block.attach_time),
            "deleteOnTermination": bool(block.delete_on_termination),
        },
    }


def _attached(eni: Any) -> View:
    """An interface as DescribeInstances shows it."""
    ipv6 = [{"ipv6Address": address, "isPrimaryIpv6": False} for address in eni.ipv6_addresses]
    return _interface(eni) | {
        "attachment": _attachment(eni),
        "ipv6AddressesSet": ipv6,
        "connectionTrackingConfiguration": tracking(eni),
    }


def interface(eni: Any) -> View:
    """An interface as DescribeNetworkInterfaces shows it."""
    owner = eni.instance
    link = {"instanceId": owner.id, "instanceOwnerId": owner.owner_id} if owner else {}
    return _interface(eni) | {
        "attachment": _attachment(eni) | link if owner else None,
        "availabilityZone": eni.subnet.availability_zone,
        "ipv6AddressesSet": [{"ipv6Address": address} for address in eni.ipv6_addresses],
        "requesterId": eni.requester_id if eni.requester_managed else None,
        "requesterManaged": eni.requester_managed,
        "tagSet": tag_items(eni.ec2_backend, eni.id),
        "connectionTrackingConfiguration": tracking(eni),
    }


def _interface(eni: Any) -> View:
    return {
        "association": addresses.association(eni, eni.private_ip_address),
        "description": eni.description,
        "groupSet": group_items(eni.group_set),
        "macAddress": eni.mac_address,
        "networkInterfaceId": eni.id,
        "ownerId": eni.owner_id,
        "privateDnsName": getattr(eni, "private_dns_name", None),
        "privateIpAddress": eni.private_ip_address,
        "privateIpAddressesSet": [_address(eni, each) for each in eni.private_ip_addresses],
        "sourceDestCheck": eni.source_dest_check,
        "status": eni.status,
        "subnetId": eni.subnet.id,
        "vpcId": eni.subnet.vpc_id,
        "interfaceType": eni.interface_type,
    }


def _attachment(eni: Any) -> View:
    return {
        "attachTime": stamp(eni.attach_time),
        "attachmentId": eni.attachment_id,
        "deleteOnTermination": bool(eni.delete_on_termination),
        "deviceIndex": eni.device_index,
        "networkCardIndex": 0,
        "status": "attached",
    }


def _address(eni: Any, each: View) -> View:
    private = each.get("PrivateIpAddress")
    return {
        "privateIpAddress": private,
        "privateDnsName": each.get("PrivateDnsName"),
        "primary": private == eni.private_ip_address,
        "association": addresses.association(eni, str(private)),
    }


def tracking(eni: Any) -> View | None:
    """The idle timeouts that were set, if any."""
    found: View | None = getattr(eni, "ext_tracking", None)
    return found or None

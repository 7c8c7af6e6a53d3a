"""The same request, delivered three times at once, is one run."""

from concurrent.futures import ThreadPoolExecutor

from tests.world import Json, Sandbox, http, intent


def three_times(url: str, body: Json) -> list[tuple[int, Json]]:
    with ThreadPoolExecutor(3) as pool:
        return list(pool.map(lambda _: http("POST", url, body), range(3)))


def test_the_same_alexa_request_without_a_question(box: Sandbox) -> None:
    talk = box.talk()
    wish = intent("RunAssessmentIntent", group="web")
    answers = three_times(
        box.ready["alexa"], talk.envelope({"type": "IntentRequest", "intent": wish})
    )
    assert all("Starting" in str(answer) for _, answer in answers)
    box.idle()
    assert len(box.runs()) == 1


def test_the_same_yes_at_once_and_much_later(box: Sandbox) -> None:
    talk = box.talk()
    talk.intent("PatchIntent", group="database")
    body = talk.envelope({"type": "IntentRequest", "intent": intent("AMAZON.YesIntent")})
    answers = three_times(box.ready["alexa"], body)
    assert all("Patching" in str(answer) for _, answer in answers), answers
    assert len({str(answer["response"]["outputSpeech"]) for _, answer in answers}) == 1
    box.idle()
    assert len(box.runs()) == 1
    last = http("POST", box.ready["alexa"], body)[1]
    assert "Patching" in str(last)
    box.idle()
    assert len(box.runs()) == 1


def test_the_same_yes_when_its_start_was_refused(box: Sandbox) -> None:
    """Its record is closed, so nothing can run any more, and nothing is called started."""
    talk = box.talk()
    talk.intent("PatchIntent", group="database")
    body = talk.envelope({"type": "IntentRequest", "intent": intent("AMAZON.YesIntent")})
    box.faults({"function": "voice", "service": "lambda", "kind": "deny", "times": 1})
    first = http("POST", box.ready["alexa"], body)[1]
    again = http("POST", box.ready["alexa"], body)[1]
    assert "A W S" in str(first["response"]["outputSpeech"])
    assert first["response"]["outputSpeech"] == again["response"]["outputSpeech"]
    box.idle()
    assert [run["ending"] for run in box.runs()] == ["failed"]


def test_the_same_event(box: Sandbox) -> None:
    event = created_tags(box, "batch-1", "suspicious")
    answers = three_times(box.ready["control"] + "/events", event)
    assert {status for status, _ in answers} == {200}
    box.idle()
    assert [run["action"] for run in box.runs()] == ["mark_suspicious"]
    assert not any("refused" in str(one.get("subject")) for one in box.messages())
    assert box.control("POST", "/events", event)
    box.idle()
    assert len(box.runs()) == 1


def created_tags(box: Sandbox, name: str, value: str) -> Json:
    """A CreateTags event as CloudTrail gives it, by the principal that is listed."""
    return {
        "version": "0",
        "id": "6f87d04b-9f74-4f04-a780-7acf4b0a9b38",
        "detail-type": "AWS API Call via CloudTrail",
        "source": "aws.ec2",
        "account": box.ready["account"],
        "time": "2026-11-22T03:00:00Z",
        "region": box.ready["region"],
        "resources": [],
        "detail": {
            "eventVersion": "1.10",
            "userIdentity": {"type": "IAMUser", "arn": box.ready["principal"]},
            "eventTime": "2026-11-22T03:00:00Z",
            "eventSource": "ec2.amazonaws.com",
            "eventName": "CreateTags",
            "awsRegion": box.ready["region"],
            "requestParameters": {
                "resourcesSet": {"items": [{"resourceId": box.instance(name)["InstanceId"]}]},
                "tagSet": {"items": [{"key": "Toban", "value": value}]},
            },
            "responseElements": {"_return": True},
            "eventID": "c3cbd29f-9a7d-4e2a-ae1c-26e9a25b3b48",
        },
    }


def test_an_unlisted_principal_starts_nothing_and_a_person_is_asked(box: Sandbox) -> None:
    event = created_tags(box, "batch-1", "isolate")
    event["detail"]["userIdentity"]["arn"] = "arn:aws:iam::123456789012:user/intern"
    box.control("POST", "/events", event)
    box.idle()
    (run,) = box.runs()
    assert (run["proposed"], run["approval"]["how"], run["ended"]) == (True, "awaiting", None)
    assert any("user/intern" in str(one["body"]) for one in box.messages() if "body" in one)

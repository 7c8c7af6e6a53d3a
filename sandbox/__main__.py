"""python -m sandbox serve|talk|demo"""

import argparse
import gc
import importlib
import json
import math
import os
import signal
import sys
import threading
from pathlib import Path

if __name__ == "__main__":
    gc.disable()  # until the world is loaded: what is imported stays, and to walk it takes a second

from sandbox.box import Box, Options  # noqa: E402
from sandbox.runtime.functions import FunctionFailed  # noqa: E402

DEFAULT_PORT = 8910
COMMANDS = {
    "serve": "run the box",
    "talk": "type to it as if you spoke",
    "demo": "play the stories",
}


def parser() -> argparse.ArgumentParser:
    """The command line."""
    top = argparse.ArgumentParser(
        prog="python -m sandbox", description="An AWS in a box, and a stand-in for Alexa."
    )
    commands = top.add_subparsers(dest="command", required=True)
    for name, text in COMMANDS.items():
        command = commands.add_parser(name, help=text)
        command.add_argument(
            "--scenario", type=Path, metavar="FILE", help="the world to load (JSON)"
        )
        command.add_argument("--port", type=int, metavar="P", help="0 takes free ports")
        command.add_argument(
            "--latency", type=_latency, default=0.0, metavar="MS", help="delay of every AWS answer"
        )
        command.add_argument("--real-time", action="store_true", help="do not skip waits")
        command.add_argument(
            "--scale", type=_scale, metavar="instances=N,findings=M", help="a large world"
        )
        command.add_argument(
            "--set",
            action="append",
            type=_parameter,
            default=[],
            metavar="NAME=VALUE",
            dest="parameters",
            help="a stack parameter; may be repeated",
        )
        command.add_argument("--seed", type=int, default=42, help="ids repeat with it")
        command.add_argument("--locale", default="en-US", help="language to speak (talk)")
    _add_audio(commands.choices["talk"])
    return top


def _add_audio(talk: argparse.ArgumentParser) -> None:
    talk.add_argument("--audio", action="store_true", help="speak, and listen to a microphone")
    talk.add_argument(
        "--audio-in",
        type=Path,
        action="append",
        default=[],
        metavar="FILE.wav",
        help="with --audio, listen to a file instead; may be repeated",
    )
    talk.add_argument(
        "--audio-out",
        type=Path,
        metavar="DIR",
        help="with --audio, write what is spoken into files there",
    )


def _scale(text: str) -> dict[str, int]:
    pairs = [part.partition("=") for part in text.split(",")]
    scale = {name.strip(): value for name, _, value in pairs}
    if set(scale) - {"instances", "findings"} or not all(
        value.isdigit() for value in scale.values()
    ):
        raise argparse.ArgumentTypeError(f"not of the form instances=N,findings=M: {text}")
    return {name: int(value) for name, value in scale.items()}


def _parameter(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"not of the form Name=Value: {text}")
    return name, value


def _latency(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"not a number of milliseconds, 0 or more: {text}")
    return value


def _options(arguments: argparse.Namespace) -> Options:
    default = DEFAULT_PORT if arguments.command == "serve" else 0
    return Options(
        scenario=arguments.scenario,
        port=default if arguments.port is None else arguments.port,
        latency=arguments.latency / 1000,
        real_time=arguments.real_time,
        scale=arguments.scale,
        seed=arguments.seed,
        parameters=dict(arguments.parameters),
    )


def serve(box: Box) -> int:
    """Say that it is ready, then stay until a signal comes."""
    done = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: done.set())
    print(json.dumps(box.ready()), flush=True)
    done.wait()
    return 0


def run(box: Box, arguments: argparse.Namespace) -> int:
    """Start a box, do what was asked, stop it."""
    try:
        box.start()
        if arguments.command == "serve":
            return serve(box)
        module = importlib.import_module(f"sandbox.alexa.{arguments.command}")
        return int(module.main(box, arguments) or 0)
    finally:
        box.stop()


def main() -> int:
    """Run one command; its exit status."""
    arguments = parser().parse_args()
    try:
        box = Box(_options(arguments))
    except (ValueError, LookupError, OSError) as error:  # scenario, template, ports
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    try:
        return run(box, arguments)
    except FunctionFailed as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)  # collecting moto's state first would take seconds

"""Reads commands as the AWS CLI does, without sending anything: a list of argument lists as JSON on standard input, for
each of them what is wrong with it (or null) on standard output.

The CLI's own driver parses the options and the JSON in them, and what it would send is held against the model of the
operation: types, members, lengths and the words that enumerations allow. A `--query` has to find something in an answer
in which every member is there.
"""

import contextlib
import io
import json
import os
import sys

# Nothing of the user's own setup, neither here nor in what the CLI reads.
for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]
os.environ["AWS_CONFIG_FILE"] = os.environ["AWS_SHARED_CREDENTIALS_FILE"] = os.devnull
os.environ["AWS_EC2_METADATA_DISABLED"] = "true"

from awscli import clidriver
from botocore.validate import ParamValidator

# Services with one endpoint for the world.
GLOBAL = ("iam", "route53")

# Deep enough for every query, and an end for shapes that contain themselves.
DEPTH = 8


class Peer(clidriver.CLIOperationCaller):
    """Takes the place of what sends requests."""

    problems = None

    def invoke(self, service_name, operation_name, parameters, parsed_globals):
        model = self._session.get_service_model(service_name).operation_model(operation_name)
        names_region = parsed_globals.region or service_name in GLOBAL
        problems = [] if names_region else ["it names no Region"]
        if model.input_shape is not None:
            # What botocore makes up itself when it sends a request.
            parameters = {**dict.fromkeys(model.idempotent_members, "token"), **parameters}
            report = ParamValidator().validate(parameters, model.input_shape)
            if report.has_errors():
                problems.append(report.generate_report())
            problems += wrong_words(parameters, model.input_shape, "")
        if parsed_globals.query is not None:
            answer = sample(model.output_shape, DEPTH) if model.output_shape is not None else {}
            found = parsed_globals.query.search(answer)
            if any(each is None for each in leaves(found)) or found == []:
                problems.append(f"the query finds nothing: {json.dumps(found)}")
        Peer.problems = problems
        return 0


def wrong_words(value, shape, path):
    if shape.type_name == "structure":
        members = shape.members.items()
        return [
            each
            for name, member in members
            if isinstance(value, dict) and name in value
            for each in wrong_words(value[name], member, f"{path}.{name}")
        ]
    if shape.type_name == "list" and isinstance(value, list):
        return [each for item in value for each in wrong_words(item, shape.member, f"{path}[]")]
    allowed = getattr(shape, "enum", None)
    if allowed and value not in allowed:
        return [f"{path[1:]} is {value!r}, not one of {', '.join(allowed)}"]
    return []


def sample(shape, depth):
    """An answer in which every member is there."""
    if depth == 0:
        return "…"
    if shape.type_name == "structure":
        return {name: sample(member, depth - 1) for name, member in shape.members.items()}
    if shape.type_name == "list":
        return [sample(shape.member, depth - 1)]
    return "…"


def leaves(value):
    return [leaf for item in value for leaf in leaves(item)] if isinstance(value, list) else [value]


def problem(driver, argv):
    if argv[:1] != ["aws"]:
        return "it is not a command of the AWS CLI"
    Peer.problems = None
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(said):
            code = driver.main(argv[1:])
    except SystemExit as ended:
        code = ended.code
    if code != 0 or Peer.problems is None:
        return said.getvalue().strip() or f"the CLI ends with {code}"
    return "; ".join(Peer.problems) or None


def main():
    commands = json.load(sys.stdin)
    clidriver.CLIOperationCaller = Peer
    driver = clidriver.create_clidriver()
    json.dump([problem(driver, argv) for argv in commands], sys.stdout)


if __name__ == "__main__":
    main()

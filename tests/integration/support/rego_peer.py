"""Evaluates policies with rego-cpp: a job as JSON on standard input, the answers on standard output.

Each policy gets an interpreter of its own with the helper modules, because rego-cpp does not manage all policies at
once.
"""

import json
import sys

from regopy import Interpreter


def evaluate(job, policy, document):
    path, source, package = policy
    rego = Interpreter()
    for name, text in job["libraries"].items():
        if f"data.{package_of(text)}" in source or name_is_used(name, job["libraries"], source):
            rego.add_module(name, text)
    rego.add_module(path, source)
    rego.add_data(job["data"])
    rego.set_input(document)
    answer = {}
    for rule in ("subjects", "violations", "unknowns"):
        if rule == "unknowns" and not any(line.startswith("unknowns ") for line in source.splitlines()):
            answer[rule] = []
            continue
        query = f"data.{package}.{rule}"
        if rule == "violations":
            # Without the messages: rego-cpp's sprintf puts quotes around some texts, which then are not JSON.
            query = f'[[each.resource, object.get(each, "discriminator", null)] | some each in {query}]'
        answer[rule] = json.loads(str(rego.query(query)))["expressions"][0]
    return {
        "subjects": sorted(answer["subjects"]),
        "unknowns": sorted(answer["unknowns"]),
        "violations": sorted(
            answer["violations"],
            key=lambda each: json.dumps(each, separators=(",", ":"), ensure_ascii=False),
        ),
    }


def package_of(text):
    return next(line.split()[1] for line in text.splitlines() if line.startswith("package "))


def name_is_used(name, libraries, source):
    """Whether a module that the policy imports imports this one."""
    package = package_of(libraries[name])
    imported = [text for text in libraries.values() if f"data.{package_of(text)}" in source]
    return any(f"data.{package}" in text for text in imported)


def main():
    job = json.load(sys.stdin)
    answers = {
        name: {id: evaluate(job, policy, document) for id, policy in job["policies"].items()}
        for name, document in job["inputs"].items()
    }
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()

"""Makes emulator/instances/runtimes/aws-services.json: what tells the requests of AWS SDKs apart.

Its source are the models of the services that botocore ships (Apache License 2.0). Needs botocore:
  python3 scripts/aws-services.py

services: id -> names that users and SDKs know it by beside its id, the name it signs as, its endpoint's, the prefix of
          X-Amz-Target
xml:      ids of those that answer in REST-XML
routes:   id -> [method, path, operation, conditions…] of services without X-Amz-Target, the narrowest first. `{}` is a
          segment, `{*}` the rest; a condition is `?key`, `?key=value` or the name of a header.
"""

import gzip
import json
import pathlib
import re

import botocore

OUT = pathlib.Path(__file__).parent.parent / "emulator/instances/runtimes/aws-services.json"
# Those that functions call: all would be a megabyte.
ROUTED = (
    "apigatewaymanagementapi appconfigdata bedrock-agent-runtime bedrock-runtime iot-data lambda pipes polly rds-data s3 "
    "scheduler sesv2 xray"
).split()


def model_of(folder):
    version = sorted(entry.name for entry in folder.iterdir() if entry.is_dir())[-1]
    file = folder / version / "service-2.json.gz"
    return json.load(gzip.open(file)) if file.exists() else None


def plain(name):
    return re.sub(r"[ _-]", "", name).lower()


def described(name, metadata):
    service = metadata["serviceId"].lower().replace(" ", "-")
    signs = metadata.get("signingName") or metadata["endpointPrefix"]
    names = {plain(one): one for one in (name, signs, metadata["endpointPrefix"]) if plain(one) != plain(service)}
    fields = {"names": sorted(names.values()), "signs": signs, "host": metadata["endpointPrefix"]}
    if "targetPrefix" in metadata:
        fields["target"] = metadata["targetPrefix"]
    return service, fields


def conditions_of(operation, shapes):
    _, _, query = operation["http"]["requestUri"].partition("?")
    yield from ("?" + part for part in query.split("&") if part)
    shape = shapes.get(operation.get("input", {}).get("shape"), {})
    for name in shape.get("required", ()):
        member = shape["members"][name]
        if member.get("location") == "querystring":
            yield "?" + member["locationName"]
        elif member.get("location") == "header":
            yield member["locationName"].lower()


def routes_of(model):
    rows = {}
    # A deprecated operation gives way to the one of today on the same route.
    for name, operation in sorted(model["operations"].items(), key=lambda pair: bool(pair[1].get("deprecated"))):
        path = operation["http"]["requestUri"].partition("?")[0]
        greedy = re.sub(r"\{[^}]+\+\}", "{*}", path)
        template = re.sub(r"\{[^}*]+\}", "{}", greedy)
        conditions = tuple(conditions_of(operation, model["shapes"]))
        method = operation["http"]["method"]
        rows.setdefault((method, template, conditions), [method, template, name, *conditions])
    # Literal segments before parameters, more conditions before fewer.
    return sorted(rows.values(), key=lambda row: (row[0], "{*}" in row[1], row[1].count("{"), row[1], -len(row), row[2]))


def main():
    services, xml, routes = {}, [], {}
    for folder in sorted((pathlib.Path(botocore.__file__).parent / "data").iterdir()):
        model = model_of(folder) if folder.is_dir() else None
        if model is None:
            continue
        service, fields = described(folder.name, model["metadata"])
        services[service] = fields
        if model["metadata"]["protocol"] == "rest-xml":
            xml.append(service)
        if folder.name in ROUTED:
            routes[service] = routes_of(model)
    lines = lambda table: ",\n".join(f"    {json.dumps(key)}: {json.dumps(table[key])}" for key in sorted(table))
    text = f'{{\n  "services": {{\n{lines(services)}\n  }},\n  "xml": {json.dumps(xml)},\n  "routes": {{\n{lines(routes)}\n  }}\n}}\n'
    OUT.write_text(text)


main()

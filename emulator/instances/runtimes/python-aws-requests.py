"""What an outbound request asks of which AWS service, and in which protocol, as far as the request itself tells.

The facts of the services are in aws-services.json. `node-aws-requests.cjs` is the same for Node: change both.
"""

import json
import os
import re
from urllib.parse import parse_qs, urlsplit

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "aws-services.json"), encoding="utf-8") as _file:
    FACTS = json.load(_file)

ENDPOINT = "AWS_ENDPOINT_URL_"


def plain(name):
    """Names are compared without case, spaces, dashes and underscores: `CloudWatch Logs` is `cloudwatch-logs`."""
    return re.sub(r"[ _-]", "", name.lower())


SERVICES = [{"id": name, **service} for name, service in FACTS["services"].items()]
BY_TARGET = {service["target"]: service for service in SERVICES if "target" in service}
BY_NAME = {}
for _service in SERVICES:
    for _name in (_service["id"], *_service["names"]):
        BY_NAME.setdefault(plain(_name), _service)


class Request:
    """@param path with its query, @param headers by their names in lower case, @param body bytes; None while unknown"""

    def __init__(self, scheme, method, host, port, path, headers, body=None):
        self.scheme, self.method, self.host, self.port = scheme, method, host, port
        self.path, self.headers, self.body = path, headers, body
        self.pathname, _, search = path.partition("?")
        self.query = parse_qs(search, keep_blank_values=True)

    def one(self, key):
        return self.query.get(key, [None])[0]


def signed_for(request):
    """The name that the request is signed for: of the credential's scope, in the header or in a presigned URL."""
    found = re.search(r"Credential=([^,\s]+)", request.headers.get("authorization", ""))
    parts = ((found and found.group(1)) or request.one("X-Amz-Credential") or "").split("/")
    # A key, a date, a region (not with SigV4a), the service, aws4_request.
    return parts[-2] if len(parts) > 2 and parts[-1] == "aws4_request" else None


def of_host(host):
    """`dynamodb` of dynamodb.us-east-1.amazonaws.com, `s3` of bucket.s3-us-west-2.amazonaws.com."""
    found = re.match(r"^(.+)\.amazonaws\.com(?:\.cn)?$", host.lower())
    if not found:
        return None
    names = [one for one in found.group(1).split(".") if not re.match(r"^[a-z]{2}(-[a-z]+)+-\d$|^dualstack$", one)]
    last = re.sub(r"-fips$|-[a-z]{2}-[a-z]+-\d$", "", names[-1]) if names else ""
    longer = f"{names[-2]}.{last}" if len(names) > 1 else None
    return longer if any(service["host"] == longer for service in SERVICES) else last


def of_endpoint(request):
    """The one service whose AWS_ENDPOINT_URL_… leads to this host."""
    names = []
    for name, value in os.environ.items():
        try:
            url = urlsplit(value) if name.startswith(ENDPOINT) else None
            if url and url.hostname == request.host and (url.port or (443 if url.scheme == "https" else 80)) == request.port:
                names.append(name)
        except ValueError:
            pass
    return BY_NAME.get(plain(names[0][len(ENDPOINT) :])) if len(names) == 1 else None


def candidates(request, target, rpc):
    """The services that it may be for, the likeliest first."""
    for prefix in (target, rpc):
        if prefix in BY_TARGET:
            return [BY_TARGET[prefix]]
    named = of_host(request.host)
    name = signed_for(request) or named
    if name is None:
        service = of_endpoint(request)
        return [service] if service else []
    found = [service for service in SERVICES if name in (service["signs"], service["host"])]
    better = [service for service in found if service["host"] == named or plain(service["id"]) == plain(name)]
    unknown = {"id": name, "names": [], "signs": name, "host": name}
    return better + [service for service in found if service not in better] or [unknown]


def fits(template, path):
    return re.match("^" + re.escape(template).replace(r"\{\*\}", ".+").replace(r"\{\}", "[^/]+") + "/?$", path)


def holds(condition, request):
    if condition[0] != "?":
        return condition in request.headers
    key, _, value = condition[1:].partition("=")
    return key in request.query and (not value or request.one(key) == value)


def by_route(services, request):
    """Of a service whose routes are known. @returns (service, operation)"""
    for service in services:
        # S3 also has the bucket in the host: bucket.s3.us-east-1.amazonaws.com/key is /bucket/key.
        virtual = service["id"] == "s3" and re.match(r"^.+\.s3(express[a-z0-9-]*)?[.-].*amazonaws\.com", request.host)
        path = "/bucket" + request.pathname if virtual else request.pathname
        for method, template, operation, *conditions in FACTS["routes"].get(service["id"], ()):
            if method == request.method and fits(template, path) and all(holds(one, request) for one in conditions):
                return service, operation
    return None, None


def protocol_of(service, request, rpc, target, form):
    if rpc:
        return "cbor"
    if target:
        return "json-1.1" if request.headers.get("content-type", "").endswith("1.1") else "json-1.0"
    if service["id"] == "s3":
        return "s3"
    if form:
        return "ec2" if service["signs"] == "ec2" else "query"
    return "rest-xml" if service["id"] in FACTS["xml"] else "rest-json"


def identify(request):
    """@returns service, names, operation, protocol and undecided as a dict, or None for what is no request of an AWS SDK;
    `undecided` while the body has to tell the operation"""
    target, _, called = request.headers.get("x-amz-target", "").rpartition(".")
    found = re.search(r"/service/([^/]+)/operation/([^/]+)$", request.pathname)
    rpc, asked = found.groups() if found else (None, None)
    services = candidates(request, target, rpc)
    if not services:
        return None
    posted = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    form = not target and (posted or "Action" in request.query)
    in_body = parse_qs((request.body or b"").decode("latin-1")).get("Action", [None])[0] if posted else None
    service, routed = (None, None) if form or target or rpc else by_route(services, request)
    service = service or services[0]
    return {
        "service": service["id"],
        "names": {plain(one) for one in (service["id"], *service["names"])},
        "operation": called or asked or request.one("x-id") or request.one("Action") or in_body or routed,
        "protocol": protocol_of(service, request, rpc, target, form),
        "undecided": form and posted and "Action" not in request.query and request.body is None,
    }

"""The AI providers' APIs, as far as REI uses them."""

import base64
import hashlib
import hmac
import json
import os
import time
import urllib.error
import urllib.request

from settings import env

# Where they are; systemd's EnvironmentFile says so.
GEMINI = os.environ.get("NANO_BANANA_URL")
KLING = os.environ.get("KLING_URL")


class ProviderError(Exception):
    pass


def ask(provider, kind, params, keep):
    """Has a picture made. `keep` is told the provider's task, so that it is not bought twice."""
    if provider == "kling":
        return kling(kind, params, keep)
    return nano_banana(params)


def nano_banana(params):
    if not GEMINI:
        # A patient without a world around it has nobody to ask.
        return None
    body = {"contents": [{"parts": [{"text": params["prompt"]}]}]}
    address = GEMINI + "/v1beta/models/gemini-2.5-flash-image:generateContent"
    return call("nano_banana", address, {"x-goog-api-key": env("GEMINI_API_KEY")}, body)


def kling(kind, params, keep):
    if not KLING:
        return None
    address = KLING + ("/v1/videos/text2video" if kind == "video" else "/v1/images/generations")
    headers = {"Authorization": "Bearer " + token()}
    task = params.get("task_id")
    if not task:
        body = {"prompt": params["prompt"]}
        task = call("kling", address, headers, body)["data"]["task_id"]
        keep(task)
    return call("kling", address + "/" + task, headers, None)


def token():
    """Kling's JWT, for half an hour."""
    now = int(time.time())
    claims = {"iss": env("KLING_ACCESS_KEY"), "exp": now + 1800, "nbf": now - 5}
    parts = [{"alg": "HS256", "typ": "JWT"}, claims]
    signed = b".".join(bare(json.dumps(part).encode()) for part in parts)
    key = env("KLING_SECRET_KEY").encode()
    return (signed + b"." + bare(hmac.new(key, signed, hashlib.sha256).digest())).decode()


def bare(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def call(provider, address, headers, body):
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **headers}
    request = urllib.request.Request(address, data=data, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        said = error.read().decode("utf-8", "replace")[:300]
        raise ProviderError(f"{provider}: HTTP {error.code}: {said}") from error
    except (OSError, ValueError) as error:
        raise ProviderError(f"{provider}: {error}") from error

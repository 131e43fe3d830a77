#!/usr/bin/env python3
"""Writes expected.json: what each recorded reply says, read by other means than lmpipe's.

The recordings come from well-behaved servers, so a plain accumulator will do: json.loads on every `data:` line,
the members the two APIs document, nothing else. Run it after adding a recording; fixtures written by hand have
their expectations in by_hand.json, which this script does not touch.
"""

import json
import pathlib

HERE = pathlib.Path(__file__).parent
FINISH = {"stop": "stop", "length": "length", "tool_calls": "tool_calls", None: None}


def events(body):
    lines = [line[6:] for line in body.split("\n") if line.startswith("data: ")]
    return [json.loads(line) for line in lines if line != "[DONE]"]


def count(usage, *path):
    for key in path:
        usage = (usage or {}).get(key)
    return usage


def chat(objects):
    told = {"text": "", "reasoning": "", "refusal": "", "calls": [], "finish": None, "usage": None, "model": "", "id": ""}
    calls = {}
    for event in objects:
        if "error" in event:
            return {"exit": 5, "text": told["text"]}
        told["model"] = told["model"] or event["model"]
        told["id"] = told["id"] or event["id"]
        if usage := event.get("usage"):
            told["usage"] = [
                usage["prompt_tokens"], usage["completion_tokens"], usage["total_tokens"],
                count(usage, "completion_tokens_details", "reasoning_tokens"),
                count(usage, "prompt_tokens_details", "cached_tokens"),
            ]
        for choice in event["choices"]:
            if choice["index"] != 0:
                continue
            said = choice.get("message") or choice.get("delta")
            told["text"] += said.get("content") or ""
            told["reasoning"] += said.get("reasoning_content") or said.get("reasoning") or ""
            for place, part in enumerate(said.get("tool_calls") or []):
                call = calls.setdefault(part.get("index", place), {"id": "", "name": "", "arguments": ""})
                call["id"] = call["id"] or part.get("id") or ""
                call["name"] += part["function"].get("name") or ""
                call["arguments"] += part["function"].get("arguments") or ""
            told["finish"] = FINISH[choice.get("finish_reason")] or told["finish"]
    told["calls"] = list(calls.values())
    return told


def responses(objects):
    ids = [(event.get("response") or event).get("id") for event in objects]
    reply = objects[-1].get("response") or objects[-1]
    told = {"text": "", "reasoning": "", "refusal": "", "calls": [], "usage": None, "model": reply["model"], "id": ids[0]}
    for item in reply["output"]:
        if item["type"] == "message":
            told["text"] += "".join(part["text"] for part in item["content"])
        if item["type"] == "reasoning":
            told["reasoning"] += "".join(part["text"] for part in item["content"] or item["summary"])
        if item["type"] == "function_call":
            told["calls"].append({"id": item["call_id"], "name": item["name"], "arguments": item["arguments"]})
    done = "tool_calls" if told["calls"] else "stop"
    told["finish"] = "length" if reply["status"] == "incomplete" else done
    if usage := reply.get("usage"):
        told["usage"] = [
            usage["input_tokens"], usage["output_tokens"], usage["total_tokens"],
            count(usage, "output_tokens_details", "reasoning_tokens"), count(usage, "input_tokens_details", "cached_tokens"),
        ]
    return told


def main():
    by_hand = json.loads((HERE / "by_hand.json").read_text())
    expected = {}
    for path in sorted(HERE.glob("*/*/*.*")):
        name = str(path.relative_to(HERE))
        if name in by_hand:
            continue
        body = path.read_text()
        objects = [json.loads(body)] if path.suffix == ".json" else events(body)
        read = chat if path.parts[-3] == "chat" else responses
        expected[name] = read(objects)
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(told, ensure_ascii=False)}" for name, told in expected.items())
    (HERE / "expected.json").write_text("{\n" + rows + "\n}\n")


main()

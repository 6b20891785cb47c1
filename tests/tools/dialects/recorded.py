"""The recorded dialects, written after the public documentation and the public bug reports of each service."""

import json
from typing import Any

from plccoach_api.rules.stopped_early import StoppedEarly
from tests.tools.dialects.wire import (
    ANSWER,
    DELTAS,
    ENDING,
    STOP,
    THOUGHT,
    USAGE,
    USAGE_CHUNK,
    Dialect,
    Refusal,
    asks_for,
    chunk,
    completion,
    has,
    has_role,
    openai_error,
    sse,
    texts,
)
from tests.tools.model_server import ROUTED

PLAIN = sse([chunk({"role": "assistant", "content": ""}), *texts(), *ENDING])

_MAX_TOKENS = openai_error(
    "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    "max_tokens",
    "unsupported_parameter",
)
_TEMPERATURE = openai_error(
    "Unsupported value: 'temperature' does not support 0.3 with this model. Only the default (1) value is supported.",
    "temperature",
    "unsupported_value",
)


def _extra(*location: Any, value: Any = None) -> dict[str, Any]:
    return {"type": "extra_forbidden", "loc": [*location], "msg": "Extra inputs are not permitted", "input": value}


def _refuses(name: str, body: Any, status: int = 400) -> Refusal:
    return Refusal(has(name), body, status)


OPENAI = [
    Dialect("OpenAI, gpt-4o", PLAIN),
    Dialect(
        "OpenAI, gpt-5: another name for the limit, and no temperature",
        PLAIN,
        [_refuses("max_tokens", _MAX_TOKENS), _refuses("temperature", _TEMPERATURE)],
    ),
    Dialect(
        "OpenAI, o1-mini: no system message either",
        PLAIN,
        [
            Refusal(
                has_role("system"),
                openai_error(
                    "Unsupported value: 'messages[0].role' does not support 'system' with this model.",
                    "messages[0].role",
                    "unsupported_value",
                ),
            ),
            _refuses("max_tokens", _MAX_TOKENS),
            _refuses("temperature", _TEMPERATURE),
        ],
    ),
    Dialect(
        "OpenAI, o1: no streams at first",
        PLAIN,
        [
            Refusal(
                lambda body: body.get("stream"),
                openai_error(
                    "Unsupported value: 'stream' does not support true with this model. Supported values are: false.",
                    "stream",
                    "unsupported_value",
                ),
            )
        ],
    ),
    Dialect(
        "OpenAI, gpt-3.5: no JSON schema",
        PLAIN,
        [
            Refusal(
                asks_for("json_schema"),
                openai_error(
                    "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
                ),
            ),
            Refusal(
                lambda body: asks_for("json_object")(body) and "json" not in json.dumps(body["messages"]).lower(),
                openai_error(
                    "'messages' must contain the word 'json' in some form, to use 'response_format' of type "
                    "'json_object'.",
                ),
            ),
        ],
    ),
    Dialect(
        "OpenAI, a model that thinks reaches its limit before it writes",
        sse([chunk({"role": "assistant", "content": ""}), chunk(finish="length"), USAGE_CHUNK]),
        stopped_early=StoppedEarly.length,
        has_answer=False,
    ),
]

_FILTERS: dict[str, Any] = {"hate": {"filtered": False, "severity": "safe"}}
AZURE = [
    Dialect(
        "Azure: filter results in events without choices, and no stream_options",
        sse(
            [
                {"choices": [], "id": "", "model": "", "prompt_filter_results": [{"content_filter_results": _FILTERS}]},
                *(chunk({"content": delta}, content_filter_results=_FILTERS) for delta in DELTAS),
                STOP,
            ]
        ),
        [
            _refuses(
                "stream_options",
                openai_error("Unrecognized request argument supplied: stream_options"),
            )
        ],
    ),
    Dialect(
        "Azure, gpt-5: the code of the error says little",
        PLAIN,
        [
            _refuses(
                "max_tokens", {"error": {"message": _MAX_TOKENS["error"]["message"], "code": "invalid_request_body"}}
            )
        ],
    ),
    Dialect(
        "Azure: the filter stops an answer",
        sse([*texts(), chunk(finish="content_filter"), USAGE_CHUNK]),
        stopped_early=StoppedEarly.content_filter,
    ),
    Dialect(
        "Azure: the filter refuses the prompt",
        b"",
        [
            Refusal(
                lambda body: body.get("stream"),
                {
                    "error": {
                        "message": "The response was filtered due to the prompt triggering Azure OpenAI's content "
                        "management policy.",
                        "param": "prompt",
                        "code": "content_filter",
                        "status": 400,
                        "innererror": {"code": "ResponsibleAIPolicyViolation"},
                    }
                },
            )
        ],
        stopped_early=StoppedEarly.content_filter,
        has_answer=False,
    ),
]

MISTRAL = [
    Dialect(
        "Mistral: validation errors as a list, and the usage with the last text",
        sse([*texts(DELTAS[:-1]), chunk({"content": DELTAS[-1]}, "stop", usage=USAGE)]),
        [
            _refuses(
                "stream_options",
                {
                    "object": "error",
                    "message": {"detail": [_extra("body", "stream_options", "include_usage", value=True)]},
                    "type": "invalid_request_error",
                    "param": None,
                    "code": None,
                },
                422,
            )
        ],
    ),
    Dialect(
        "Mistral behind a proxy: the validation error is a text in a text",
        PLAIN,
        [
            _refuses(
                "stream_options",
                {
                    "object": "error",
                    "message": json.dumps({"detail": [_extra("body", "stream_options")]}),
                    "type": "internal_error_proxy",
                    "param": None,
                    "code": "1000",
                },
                422,
            )
        ],
    ),
    Dialect(
        "Mistral, Magistral: content as a list, with thoughts as parts",
        sse(
            [
                chunk({"content": [{"type": "thinking", "thinking": [{"type": "text", "text": THOUGHT}]}]}),
                *(chunk({"content": [{"type": "text", "text": delta}]}) for delta in DELTAS),
                *ENDING,
            ]
        ),
        model="magistral-medium",
    ),
    Dialect(
        "Mistral, older Magistral: [THINK]", sse([*texts(["[THI", f"NK]{THOUGHT}[/THINK", "]", *DELTAS]), *ENDING])
    ),
    Dialect(
        "Mistral: the model's own limit",
        sse([*texts(), chunk(finish="model_length", usage=USAGE)]),
        stopped_early=StoppedEarly.length,
    ),
]

VLLM = [
    Dialect(
        "vLLM: thoughts beside the content, and usage as null",
        sse(
            [
                chunk({"role": "assistant", "content": ""}, usage=None),
                chunk({"reasoning_content": THOUGHT, "content": None}, usage=None),
                *(chunk({"content": delta, "reasoning_content": None}, usage=None) for delta in DELTAS),
                *ENDING,
            ]
        ),
        model="deepseek-r1",
    ),
    Dialect(
        "vLLM: validation errors as text",
        PLAIN,
        [
            _refuses(
                "stream_options",
                {
                    "object": "error",
                    "message": "[{'type': 'extra_forbidden', 'loc': ('body', 'stream_options'), "
                    "'msg': 'Extra inputs are not permitted', 'input': {'include_usage': True}}]",
                    "type": "BadRequestError",
                    "param": None,
                    "code": 400,
                },
            )
        ],
    ),
    Dialect(
        "vLLM: the limit exceeds what the context has left",
        PLAIN,
        [
            Refusal(
                lambda body: body.get("max_tokens", body.get("max_completion_tokens", 0)) > 0,
                {
                    "error": {
                        "message": "'max_tokens' or 'max_completion_tokens' is too large: 1000. This model's maximum "
                        "context length is 2048 tokens and your request has 1500 input tokens (1000 > 2048 - 1500).",
                        "type": "BadRequestError",
                        "param": "max_tokens",
                        "code": 400,
                    }
                },
            )
        ],
    ),
    Dialect(
        "vLLM, Gemma: the template knows no system message",
        PLAIN,
        [Refusal(has_role("system"), {"object": "error", "message": "System role not supported", "code": 400})],
    ),
    Dialect(
        "vLLM, Mistral's template: roles must alternate",
        PLAIN,
        [
            Refusal(
                has_role("system"),
                {
                    "error": {
                        "message": "Conversation roles must alternate user/assistant/user/assistant/...",
                        "type": "BadRequestError",
                        "param": None,
                        "code": 400,
                    }
                },
            )
        ],
    ),
    Dialect(
        "vLLM without a reasoning parser: only the closing tag",
        sse([*texts([THOUGHT, " It cites [1].", "\n</th", "ink>\n\n", *DELTAS]), *ENDING]),
        model="Qwen/QwQ-32B",
    ),
    Dialect(
        "vLLM without a reasoning parser, under a name that tells nothing",
        sse([*texts([THOUGHT, "\n</think", ">\n\n", *DELTAS]), *ENDING]),
    ),
    Dialect(
        "vLLM, a model of an unknown name whose first thought cites: only an unknown closing tag",
        sse(
            [
                *texts(["Okay, the user asks about norms. A norm is a promise about conduct that every member of the"]),
                *texts([f" team agreed to [1]. {THOUGHT}", "\n</ponder", ">\n\n", *DELTAS]),
                *ENDING,
            ]
        ),
    ),
    Dialect(
        "vLLM without its parser, Granite: a thought between bare sentences",
        sse([*texts(["Here is my thought ", f"process: {THOUGHT}", " Here is my response:", " ", *DELTAS]), *ENDING]),
    ),
    Dialect(
        "vLLM without guided decoding: JSON in a code block, after thoughts",
        PLAIN,
        routed=completion(f"<think>{THOUGHT}</think>\n```json\n{ROUTED}\n```"),
    ),
    Dialect(
        "A gateway that sends the refusal as an event of a stream with the status 200",
        PLAIN,
        [
            _refuses(
                "stream_options",
                {"error": {"message": "stream_options is not supported by this provider", "code": 400}},
                200,
            )
        ],
    ),
]

LOCAL = [
    Dialect(
        "Ollama: reasoning beside the content, and a model that does not think",
        sse([chunk({"content": "", "reasoning": THOUGHT}), *texts(), chunk({"content": ""}, "stop"), USAGE_CHUNK]),
        [_refuses("reasoning_effort", openai_error('"llama3.2" does not support thinking'))],
    ),
    Dialect(
        "Ollama: the effort by the name of its own interface",
        PLAIN,
        [_refuses("reasoning_effort", openai_error('the think value "low" does not fit this model'))],
    ),
    Dialect(
        "Ollama, an older one: <think> in the content",
        sse([*texts(["<think>", "\n", THOUGHT, "\n", "</think>", "\n\n", *DELTAS]), *ENDING]),
        model="deepseek-r1:8b",
    ),
    Dialect(
        "llama.cpp: the grammar of the schema fails",
        sse([*texts(), chunk(finish="stop", usage=USAGE, timings={"prompt_n": 1200, "predicted_ms": 9.5})]),
        [
            Refusal(
                asks_for("json_schema"),
                {"error": {"code": 400, "message": "Failed to parse grammar", "type": "invalid_request_error"}},
            )
        ],
    ),
    Dialect(
        "llama.cpp, gpt-oss without a parser: harmony channels",
        sse(
            [
                *texts(
                    [
                        *("<|chan", "nel|>analysis<|message|>", THOUGHT, "<|end|><|start|>assistant<|channel|>fin"),
                        *("al<|message|>", *DELTAS, "<|return|>"),
                    ]
                ),
                *ENDING,
            ]
        ),
    ),
    Dialect(
        "A server that removes the marks of harmony, but not its text",
        sse([*texts(["analy", f"sis{THOUGHT}", "assistant", "final", *DELTAS]), *ENDING]),
    ),
    Dialect(
        "llama.cpp, Gemma: the template fails as a 500",
        PLAIN,
        [
            Refusal(
                has_role("system"),
                {
                    "error": {
                        "code": 500,
                        "message": "Only user and assistant roles are supported!",
                        "type": "server_error",
                    }
                },
                500,
            )
        ],
    ),
    Dialect(
        "LM Studio: neither of the two JSON formats, and an error that is a text",
        PLAIN,
        [
            Refusal(asks_for("json_object"), {"error": "'response_format.type' must be 'json_schema' or 'text'"}),
            Refusal(asks_for("json_schema"), {"error": "This model does not support structured output"}),
        ],
    ),
    Dialect(
        "TGI: no space after data:, usage as null, eos_token",
        sse([*texts(), chunk(finish="eos_token", usage=None)], prefix="data:"),
        [
            Refusal(
                asks_for("json_schema"),
                {"error": "Input validation error: grammar is not supported", "error_type": "validation"},
                422,
            )
        ],
    ),
]

CLOUD = [
    Dialect(
        "Databricks: an unknown field",
        PLAIN,
        [
            _refuses(
                "stream_options",
                {"error_code": "BAD_REQUEST", "message": 'Bad request: json: unknown field "stream_options"\n'},
            )
        ],
    ),
    Dialect(
        "Gemini: errors in a list, CRLF, and usage with every event",
        sse(
            [*(chunk({"content": delta}, usage=USAGE) for delta in DELTAS), chunk(finish="stop", usage=USAGE)],
            end="\r\n\r\n",
        ),
        [
            _refuses(
                "stream_options",
                [
                    {
                        "error": {
                            "code": 400,
                            "message": 'Invalid JSON payload received. Unknown name "stream_options": '
                            "Cannot find field.",
                            "status": "INVALID_ARGUMENT",
                            "details": [{"fieldViolations": [{"description": 'Unknown name "stream_options"'}]}],
                        }
                    }
                ],
            )
        ],
    ),
    Dialect(
        "Gemini with its thoughts: <thought>",
        sse([*texts([f"<thought>{THOUGHT}", "</thought>", *DELTAS]), *ENDING], end="\r\n\r\n"),
    ),
    Dialect(
        "Gemini: the safety filter",
        sse([*texts(), chunk(finish="content_filter: SAFETY", usage=USAGE)]),
        stopped_early=StoppedEarly.content_filter,
    ),
    Dialect(
        "Groq: usage in a field of its own, no JSON schema",
        sse([*texts(), chunk(finish="stop", x_groq={"id": "req_1", "usage": USAGE})]),
        [
            _refuses("stream_options", openai_error("property 'stream_options' is unsupported")),
            Refusal(
                asks_for("json_schema"),
                openai_error("This model does not support response format `json_schema`."),
            ),
        ],
    ),
    Dialect(
        "Together: eos, and a limit by its own name",
        sse([*texts(), chunk({"content": ""}, "eos", usage=USAGE)]),
        [
            _refuses(
                "max_tokens",
                {
                    "id": "1",
                    "error": {
                        "message": "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4097. "
                        "Given: 3800 `inputs` tokens and 1000 `max_new_tokens`",
                        "type": "invalid_request_error",
                        "param": "max_tokens",
                        "code": None,
                    },
                },
                422,
            )
        ],
    ),
    Dialect(
        "DeepSeek: comments that keep the line open, and no JSON schema",
        sse([": keep-alive\n\n", *texts(), ": keep-alive\n\n", *ENDING]),
        [
            Refusal(
                asks_for("json_schema"),
                openai_error("This response_format type is unavailable now", None, "invalid_request_error"),
            )
        ],
    ),
    Dialect(
        "OpenRouter: comments, reasoning beside the content, native finish reasons",
        sse(
            [
                ": OPENROUTER PROCESSING\n\n",
                chunk({"content": "", "reasoning": THOUGHT, "reasoning_details": [{"text": THOUGHT}]}),
                *texts(),
                chunk({"content": ""}, "stop", provider="x"),
                chunk({"content": ""}, usage={**USAGE, "cost": 0.01}),
            ]
        ),
    ),
    Dialect(
        "A gateway to Bedrock: an extraneous key, usage as text, end_turn",
        sse([*texts(), chunk(finish="end_turn", usage={"prompt_tokens": "1200", "completion_tokens": "300"})]),
        [
            _refuses(
                "stream_options",
                {
                    "message": "Malformed input request: #: extraneous key [stream_options] is not permitted, "
                    "please reformat your input and try again."
                },
            )
        ],
    ),
    Dialect(
        "LiteLLM: a parameter that the provider does not support, as a 500",
        PLAIN,
        [
            _refuses(
                "temperature",
                {
                    "error": {
                        "message": "litellm.UnsupportedParamsError: o1 does not support parameters: "
                        "{'temperature': 0.3}",
                        "type": "None",
                        "param": "None",
                        "code": "500",
                    }
                },
                500,
            )
        ],
    ),
    Dialect(
        "Alibaba: a model that thinks only streams, also JSON",
        PLAIN,
        [
            Refusal(
                lambda body: not body.get("stream"),
                openai_error("enable_thinking has to be false for non-streaming calls", None, "invalid_parameter"),
            )
        ],
        routed=sse([*texts([ROUTED[:30], ROUTED[30:]]), *ENDING]),
    ),
    Dialect(
        "Zhipu: an error in Chinese, without a space after the name",
        PLAIN,
        [_refuses("max_tokens", {"error": {"code": "1214", "message": "max_tokens参数无效"}})],
    ),
    Dialect(
        "xAI: a content that is refused with the status of a missing right",
        b"",
        [
            Refusal(
                lambda body: body.get("stream"),
                {"code": "no permission", "error": "Content violates usage guidelines. Failed check: SAFETY"},
                403,
            )
        ],
        stopped_early=StoppedEarly.content_filter,
        has_answer=False,
    ),
    Dialect(
        "Moonshot: one temperature, and the usage within the choice",
        sse([*texts(), {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "usage": USAGE}]}]),
        [_refuses("temperature", openai_error("invalid temperature: 1 is the only one of this model"))],
    ),
    Dialect(
        "Cohere: thinking between marks",
        sse([*texts(["<|START_THINKING|>", THOUGHT, "<|END_THINKING|><|START_RESPONSE|>", *DELTAS]), *ENDING]),
    ),
    Dialect("Kimi: ◁think▷", sse([*texts(["◁thi", f"nk▷{THOUGHT}◁/think", "▷", *DELTAS]), *ENDING])),
    Dialect(
        "Seed: a namespace before the tag", sse([*texts([f"<seed:think>{THOUGHT}</seed:think>", *DELTAS]), *ENDING])
    ),
    Dialect(
        "Cloudflare: no finish reason before the end, usage with every event",
        sse([chunk({"content": delta}, usage={"prompt_tokens": 1200, "completion_tokens": 300}) for delta in DELTAS]),
    ),
    Dialect(
        "Bedrock: no streams, and a limit in words of its own",
        PLAIN,
        [
            Refusal(lambda body: body.get("stream"), {"message": "The model is unsupported for streaming"}),
            Refusal(
                lambda body: body.get("max_tokens", 0) > 512,
                {"message": "Invalid max_tokens value, the valid range of max_tokens is [1, 512]"},
            ),
        ],
    ),
    Dialect(
        "A server in Rust: an unknown field in plain text",
        PLAIN,
        [
            _refuses(
                "stream_options",
                "Failed to deserialize the JSON body: unknown field `stream_options`, expected one of `model`, "
                "`messages`, `max_tokens`, `temperature`",
                422,
            )
        ],
    ),
    Dialect(
        "Anthropic's tags in a proxy: <thinking>",
        sse([*texts([f"<thinking>\n{THOUGHT}\n</thinking>\n\n", *DELTAS]), *ENDING]),
    ),
]


def _two_lines(event: dict[str, Any]) -> str:
    first, second = json.dumps(event).split(', "choices"', 1)
    return f'data: {first},\ndata: "choices"{second}\n\n'


FRAMES = [
    Dialect("Lines that end with CR", sse([*texts(), *ENDING], end="\r\r")),
    Dialect("Events on two data lines", sse([*map(_two_lines, texts()), *ENDING])),
    Dialect("No blank line between events", sse([*texts(), *ENDING], end="\n")),
    Dialect("A byte order mark, names and ids of events", b"\xef\xbb\xbf" + sse(
        part for each in [*texts(), *ENDING] for part in ("event: completion\nid: 7\nretry: 3\n", each)
    )),
    Dialect("The end without [DONE] and without a blank line", sse([*texts(), STOP], done=False).rstrip(b"\n")),
    Dialect("The connection stays open after the finish reason", sse([*texts(), STOP], done=False), hang=True),
    Dialect("A whole answer instead of a stream", completion(ANSWER), content_type="application/json"),
    Dialect(
        "A whole answer in indented JSON, with parts and no finish reason",
        json.dumps(json.loads(completion([{"type": "text", "text": ANSWER}], None)), indent=2).encode(),
        content_type="application/json; charset=utf-8",
    ),
    Dialect("Deltas of tool calls before the text", sse(
        [chunk({"tool_calls": [{"index": 0, "function": {"name": "f", "arguments": "{}"}}]}), *texts(), *ENDING]
    )),
    Dialect("Messages instead of deltas", sse(
        [{"choices": [{"index": 0, "message": {"content": delta}, "finish_reason": ""}]} for delta in DELTAS]
    )),
    Dialect("A finish reason with every event", sse([chunk({"content": delta}, "stop") for delta in DELTAS])),
    Dialect(
        "Data that keeps the connection open, and empty errors",
        sse(["data:\n\n", *(each | {"error": {}} for each in texts()), "data: ping\n\n", *ENDING]),
    ),
    Dialect("Usage without the written tokens", sse(
        [*texts(), STOP, USAGE_CHUNK | {"usage": {"prompt_tokens": 1200, "total_tokens": 1500}}]
    )),
]  # fmt: skip

DIALECTS = [*OPENAI, *AZURE, *MISTRAL, *VLLM, *LOCAL, *CLOUD, *FRAMES]

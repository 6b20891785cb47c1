"""The names of OpenTelemetry's semantic conventions that our spans use.

The version is pinned: names of attributes change, and dashboards are built on them. 1.41.1 is the last version that has
the conventions for generative AI, which moved to a repository of their own. The metrics follow the same version.
"""

from typing import Final

SCHEMA: Final = "https://opentelemetry.io/schemas/1.41.1"

ERROR_TYPE: Final = "error.type"

HTTP_METHOD: Final = "http.request.method"
HTTP_ROUTE: Final = "http.route"
HTTP_STATUS: Final = "http.response.status_code"

DB_SYSTEM: Final = "db.system.name"
DB_STATUS: Final = "db.response.status_code"

GEN_AI_OPERATION: Final = "gen_ai.operation.name"
GEN_AI_PROVIDER: Final = "gen_ai.provider.name"
OPENAI: Final = "openai"
"""The protocol of the service, whoever provides it."""
GEN_AI_MODEL: Final = "gen_ai.request.model"
GEN_AI_OUTPUT: Final = "gen_ai.output.type"
GEN_AI_FIRST_CHUNK: Final = "gen_ai.response.time_to_first_chunk"
GEN_AI_INPUT_TOKENS: Final = "gen_ai.usage.input_tokens"
GEN_AI_OUTPUT_TOKENS: Final = "gen_ai.usage.output_tokens"

SERVICE_VERSION: Final = "service.version"
DEPLOYMENT: Final = "deployment.environment.name"

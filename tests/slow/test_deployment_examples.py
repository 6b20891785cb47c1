"""The deployment examples in docs/operating pass their linters, and their settings start the service.

tests/system reads the unit of systemd.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import kubernetes_validate
import psycopg
import psycopg_pool
import pytest
import yaml
from cfnlint.api import lint_all

from plccoach_api import settings
from plccoach_api.database.failures import UNAVAILABLE
from plccoach_api.settings import Settings
from tests.blocks import blocks_of

ROOT = Path(__file__).parents[2]
OPERATING = ROOT / "docs/operating"
KUBERNETES = list(yaml.safe_load_all((OPERATING / "kubernetes.yaml").read_text("utf-8")))
TASK = json.loads((OPERATING / "ecs-task.json").read_text("utf-8"))
ALARMS = json.loads((OPERATING / "cloudwatch-alarms.json").read_text("utf-8"))
UNIT = (OPERATING / "plccoach-api.service").read_text("utf-8")

# The image sets these.
IMAGE = {"ENVIRONMENT": "production", "HOST": "0.0.0.0"}
DATABASE = "postgresql://plccoach:secret@database/plccoach"
SECRETS = {
    "DB_SECRET": json.dumps({"username": "plccoach", "password": "secret", "host": "database", "dbname": "plccoach"}),
    "GOOGLE_CLIENT_ID": "an-id",
    "GOOGLE_CLIENT_SECRET": "a-secret",
}


def of_kind(kind: str) -> dict[str, Any]:
    [found] = [each for each in KUBERNETES if each["kind"] == kind]
    return dict(found)


def pod_of(kind: str) -> dict[str, Any]:
    return dict(of_kind(kind)["spec"]["template"]["spec"])


def cloudformation(value: Any, *, verbatim: bool = False) -> Any:
    """Returns the same with CloudFormation's names, which begin with a capital letter. Options have no such names."""
    if isinstance(value, dict):
        return {
            name if verbatim else name[0].upper() + name[1:]: cloudformation(each, verbatim=name == "options")
            for name, each in value.items()
        }
    return [cloudformation(each) for each in value] if isinstance(value, list) else value


def faults(template: Mapping[str, Any]) -> list[str]:
    matches = lint_all(json.dumps(template))
    return [str(match) for match in matches if match.rule.severity != "informational"]


def task_template(task: Mapping[str, Any]) -> dict[str, Any]:
    return {"Resources": {"Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": cloudformation(task)}}}


@pytest.mark.parametrize("document", KUBERNETES, ids=lambda each: each["kind"])
def test_kubernetes_accepts_each_object(document: dict[str, Any]) -> None:
    for version in ("1.28", kubernetes_validate.latest_version()):
        kubernetes_validate.validate(document, version, strict=True)


def test_the_linter_of_kubernetes_finds_a_mistake() -> None:
    deployment = json.loads(json.dumps(of_kind("Deployment")))
    deployment["spec"]["template"]["spec"]["containers"][0]["livenesProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, kubernetes_validate.latest_version(), strict=True)


def test_cloudformation_accepts_the_task_and_the_alarms() -> None:
    assert faults(task_template(TASK)) == []
    assert faults(ALARMS) == []


def test_the_linter_of_cloudformation_finds_a_mistake() -> None:
    assert faults(task_template(TASK | {"cpu": "300"}))
    wrong = json.loads(json.dumps(ALARMS).replace('"GreaterThanThreshold"', '"MoreThanThreshold"', 1))
    assert faults(wrong)


def unit_values(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def pairs(lines: Iterable[str]) -> dict[str, str]:
    return dict(pair.split("=", 1) for line in lines for pair in line.split())


def environments(folder: Path) -> dict[str, dict[str, str]]:
    """Returns the environment of the service in each example."""
    (folder / "database-url").write_text(DATABASE)
    [container] = TASK["containerDefinitions"]
    secrets = {each["name"]: SECRETS[each["name"]] for each in container["secrets"]}
    unit = [line.replace("%d", str(folder)) for line in unit_values("Environment")]
    page = blocks_of(OPERATING / "deploy.md")
    return {
        "kubernetes": IMAGE | of_kind("ConfigMap")["data"] | {"DATABASE_URL": DATABASE},
        "ecs": IMAGE | {each["name"]: each["value"] for each in container["environment"]} | secrets,
        "systemd": pairs(unit) | pairs(page["ini settings"].splitlines()),
    }


EXAMPLES = pytest.mark.parametrize("example", ["kubernetes", "ecs", "systemd"])


def loaded(example: str, folder: Path) -> Settings:
    return settings.load(environments(folder)[example], None)


@EXAMPLES
def test_each_variable_is_a_setting(example: str, tmp_path: Path) -> None:
    documented = set(re.findall(r"^# ([A-Z][A-Z0-9_]*)=", (ROOT / ".env.sample").read_text("utf-8"), re.MULTILINE))
    assert environments(tmp_path)[example].keys() <= documented


@EXAMPLES
def test_the_service_starts_in_production_with_the_settings(example: str, tmp_path: Path) -> None:
    found = loaded(example, tmp_path)
    assert found.in_production
    assert found.database


@EXAMPLES
def test_the_platform_waits_longer_than_the_service_needs_to_stop(example: str, tmp_path: Path) -> None:
    grace = {
        "kubernetes": pod_of("Deployment")["terminationGracePeriodSeconds"],
        "ecs": TASK["containerDefinitions"][0]["stopTimeout"],
        "systemd": int(*unit_values("TimeoutStopSec")),
    }
    assert grace[example] >= loaded(example, tmp_path).shutdown_timeout + 5


def test_requests_are_accepted_until_the_readiness_probe_has_failed(tmp_path: Path) -> None:
    [container] = pod_of("Deployment")["containers"]
    probe = container["readinessProbe"]
    assert probe["httpGet"] == {"path": "/ready", "port": "http"}
    # An answer of /ready takes up to two seconds.
    assert probe["timeoutSeconds"] > 2
    assert loaded("kubernetes", tmp_path).shutdown_delay > probe["periodSeconds"] * probe["failureThreshold"]
    for name in ("startupProbe", "livenessProbe"):
        assert container[name]["httpGet"] == {"path": "/health", "port": "http"}


def test_each_port_of_the_example_is_one_that_the_service_listens_on(tmp_path: Path) -> None:
    [container] = pod_of("Deployment")["containers"]
    found = loaded("kubernetes", tmp_path)
    assert {each["name"]: each["containerPort"] for each in container["ports"]} == {
        "http": found.port,
        "metrics": found.metrics_port,
    }
    assert TASK["containerDefinitions"][0]["portMappings"][0]["containerPort"] == loaded("ecs", tmp_path).port


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_a_pod_is_not_root_and_writes_only_to_tmp(kind: str) -> None:
    pod = pod_of(kind)
    [container] = pod["containers"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert pod["securityContext"]["runAsUser"] == 10001
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert [each["mountPath"] for each in container["volumeMounts"]] == ["/tmp"]
    assert pod["automountServiceAccountToken"] is False


def test_the_selectors_choose_the_replicas_and_not_the_migration() -> None:
    labels = of_kind("Deployment")["spec"]["template"]["metadata"]["labels"]
    selectors = [
        of_kind("Deployment")["spec"]["selector"]["matchLabels"],
        of_kind("PodDisruptionBudget")["spec"]["selector"]["matchLabels"],
        of_kind("NetworkPolicy")["spec"]["podSelector"]["matchLabels"],
        of_kind("Service")["spec"]["selector"],
    ]
    migration = of_kind("Job")["spec"]["template"]["metadata"]["labels"]
    for selector in selectors:
        assert selector.items() <= labels.items()
        assert not selector.items() <= migration.items()


def properties(kind: str) -> list[dict[str, Any]]:
    return [each["Properties"] for each in ALARMS["Resources"].values() if each["Type"] == kind]


def test_the_alarms_are_the_alerts_except_for_those_that_the_page_names() -> None:
    alerts = yaml.safe_load((OPERATING / "alerts.yml").read_text("utf-8"))
    names = {rule["alert"] for group in alerts["groups"] for rule in group["rules"]}
    assert names - {each["AlarmName"] for each in properties("AWS::CloudWatch::Alarm")} == {"PlccoachModelSlow"}
    assert "There is no `PlccoachModelSlow`" in " ".join((OPERATING / "deploy.md").read_text("utf-8").split())


def test_each_alarm_of_the_log_has_a_filter_and_each_filter_an_alarm() -> None:
    alarms = properties("AWS::CloudWatch::Alarm")
    metrics = [
        each["MetricStat"]["Metric"] for alarm in alarms for each in alarm.get("Metrics", ()) if "MetricStat" in each
    ]
    used = {each["MetricName"] for each in [*alarms, *metrics] if each.get("Namespace") == "Plccoach"}
    made = [each["MetricTransformations"][0]["MetricName"] for each in properties("AWS::Logs::MetricFilter")]
    assert sorted(made) == sorted(used)


def test_the_filters_look_for_events_and_errors_that_exist() -> None:
    patterns = [each["FilterPattern"] for each in properties("AWS::Logs::MetricFilter")]
    runbook = (ROOT / "docs/runbook.md").read_text("utf-8")
    sources = [path.read_text("utf-8") for path in (ROOT / "plccoach_api").rglob("*.py")]
    for event in re.findall(r'\$\.event = "(.*?)\*?"', "\n".join(patterns)):
        assert f"`{event}" in runbook or any(f'"{event}"' in source for source in sources), event
    for error in re.findall(r'\$\.error = "(\w+)"', "\n".join(patterns)):
        known = getattr(psycopg.errors, error, None) or getattr(psycopg_pool, error)
        assert issubclass(known, UNAVAILABLE), error

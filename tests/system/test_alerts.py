"""Prometheus itself reads the alerts, and the expressions of the dashboard. promtool is in its Debian package."""

import json
import subprocess
from pathlib import Path

import yaml

OPERATING = Path(__file__).parents[2] / "docs" / "operating"


def check(rules: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["promtool", "check", "rules", str(rules)], capture_output=True, text=True, check=False)


def test_prometheus_accepts_the_alerts() -> None:
    done = check(OPERATING / "alerts.yml")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "SUCCESS" in done.stdout


def test_prometheus_accepts_every_expression_of_the_dashboard(tmp_path: Path) -> None:
    dashboard = json.loads((OPERATING / "dashboard.json").read_text("utf-8"))
    expressions = [target["expr"] for panel in dashboard["panels"] for target in panel.get("targets", [])]
    # Grafana fills its variables before it asks Prometheus.
    filled = [each.replace("$__rate_interval", "1m").replace("$instance", ".*") for each in expressions]
    rules = [{"record": f"panel:{number}", "expr": each} for number, each in enumerate(filled)]
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": rules}]}))
    done = check(file)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(expressions)} rules found" in done.stdout


def test_a_broken_expression_is_found(tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "broken", "rules": [{"record": "a", "expr": "sum by ("}]}]}))
    assert check(file).returncode != 0

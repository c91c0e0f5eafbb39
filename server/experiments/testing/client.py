"""Drives the stock MLflow client through all that it is used for, and prints what it saw as one line of JSON."""

from __future__ import annotations

import json
import math
import sys
import tempfile
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from mlflow.tracking import MlflowClient
from skl2onnx import to_onnx
from sklearn.linear_model import LogisticRegression

MODEL = "rain"
seen: dict[str, object] = {}


def train():
    rng = np.random.default_rng(7)
    x = rng.normal(size=(80, 2)).astype(np.float32)
    y = (x[:, 0] > 0).astype(np.int64)
    return x, y, LogisticRegression().fit(x, y)


def log_a_run() -> tuple[str, str]:
    x, y, model = train()
    with mlflow.start_run(run_name="patient-wren") as run:
        mlflow.log_params({"penalty": "l2", "C": 0.5})
        for step in range(5):
            mlflow.log_metric("accuracy", 0.5 + step / 10, step=step)
        mlflow.log_metrics({"brier": 0.25, "undefined": math.nan, "endless": math.inf})
        mlflow.set_tag("team", "weather")
        mlflow.log_input(mlflow.data.from_pandas(pd.DataFrame(x, columns=["a", "b"]), name="rain-days"), context="training")
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "empty.txt").write_text("")
            (folder / "sub dir").mkdir()
            (folder / "sub dir" / "größe ✓.json").write_text(json.dumps({"ok": True}))
            mlflow.log_artifacts(name, "reports")
        mlflow.log_text("a line", "notes/note.txt")
        onnx_model = to_onnx(model, x[:1], options={id(model): {"zipmap": False}})
        signature = infer_signature(pd.DataFrame(x, columns=["a", "b"]).astype("float64"), y)
        logged = mlflow.onnx.log_model(onnx_model, name="model", signature=signature, registered_model_name=MODEL)
        return run.info.run_id, logged.model_id


def look_back(client: MlflowClient, run_id: str, model_id: str) -> None:
    run = client.get_run(run_id)
    seen["status"] = run.info.status
    seen["run_name"] = run.info.run_name
    seen["params"] = run.data.params
    seen["accuracy"] = run.data.metrics["accuracy"]
    seen["is_nan"] = math.isnan(run.data.metrics["undefined"])
    seen["is_infinite"] = math.isinf(run.data.metrics["endless"])
    seen["history"] = [(point.step, point.value) for point in client.get_metric_history(run_id, "accuracy")]
    seen["dataset"] = [entry.dataset.name for entry in run.inputs.dataset_inputs]
    seen["outputs"] = [entry.model_id == model_id for entry in run.outputs.model_outputs]
    seen["artifacts"] = sorted(entry.path for entry in client.list_artifacts(run_id))
    seen["reports"] = sorted(entry.path for entry in client.list_artifacts(run_id, "reports"))
    with tempfile.TemporaryDirectory() as name:
        local = Path(client.download_artifacts(run_id, "reports", name))
        seen["downloaded"] = sorted(str(path.relative_to(local)) for path in local.rglob("*") if path.is_file())
        seen["umlaut"] = json.loads((local / "sub dir" / "größe ✓.json").read_text())
    logged = mlflow.get_logged_model(model_id)
    seen["logged_model"] = [logged.name, str(logged.status), {metric.key: metric.value for metric in logged.metrics if metric.key == "accuracy"}]


def search(client: MlflowClient, run_id: str) -> None:
    with mlflow.start_run(run_name="other"):
        mlflow.log_param("penalty", "l1")
        mlflow.log_metric("accuracy", 0.4)
    experiment = mlflow.get_experiment_by_name("wet-day")
    seen["experiments"] = sorted(found.name for found in mlflow.search_experiments())
    seen["like"] = [found.name for found in mlflow.search_experiments(filter_string="name ILIKE 'WET%'")]

    def names(filter_string: str, order_by: list[str] | None = None) -> list[str]:
        found = client.search_runs([experiment.experiment_id], filter_string, order_by=order_by)
        return [run.info.run_name for run in found]

    seen["by_metric"] = names("metrics.accuracy > 0.5 AND params.penalty = 'l2'")
    seen["by_list"] = names(f"attributes.run_id IN ('{run_id}')")
    seen["by_like"] = names("params.penalty LIKE 'l_'", ["metrics.accuracy ASC"])
    seen["by_tag"] = names("tags.team = 'weather' and attributes.status = 'FINISHED'")
    page = client.search_runs([experiment.experiment_id], max_results=1)
    rest = client.search_runs([experiment.experiment_id], max_results=1, page_token=page.token)
    seen["pages"] = [page[0].info.run_name, rest[0].info.run_name, rest.token]
    frame = mlflow.search_runs(search_all_experiments=True)
    seen["frame"] = [len(frame), "metrics.accuracy" in frame.columns]


def refused(act) -> list[object]:
    try:
        act()
    except MlflowException as error:
        return [error.error_code, error.message]
    return ["none", ""]


def registry(client: MlflowClient, run_id: str) -> None:
    version = client.get_model_version(MODEL, "1")
    seen["version"] = [version.version, version.status, version.run_id == run_id, version.current_stage]
    client.set_registered_model_alias(MODEL, "champion", "1")
    seen["alias"] = client.get_model_version_by_alias(MODEL, "champion").version
    seen["versions"] = [found.version for found in client.search_model_versions(f"name='{MODEL}'")]
    seen["models"] = [[found.name, dict(found.aliases)] for found in client.search_registered_models()]
    client.delete_registered_model_alias(MODEL, "champion")
    client.set_model_version_tag(MODEL, "1", "note", "first")
    client.update_model_version(MODEL, "1", description="the first")
    seen["described"] = [client.get_model_version(MODEL, "1").description, client.get_model_version(MODEL, "1").tags["note"]]
    seen["set_production"] = refused(lambda: client.set_registered_model_alias(MODEL, "production", "1"))
    seen["delete_staging"] = refused(lambda: client.delete_registered_model_alias(MODEL, "staging"))
    seen["stage"] = refused(lambda: client.transition_model_version_stage(MODEL, "1", "Production"))
    seen["no_alias"] = refused(lambda: client.get_model_version_by_alias(MODEL, "nobody"))[0]
    session = mlflow.onnx.load_model(f"models:/{MODEL}/1")
    seen["loaded"] = [entry.name for entry in session.graph.input]
    second = mlflow.register_model(f"models:/{MODEL}/1", "copy")
    seen["copied"] = [second.name, second.version]


def delete_and_restore(client: MlflowClient, run_id: str) -> None:
    client.delete_run(run_id)
    seen["deleted"] = client.get_run(run_id).info.lifecycle_stage
    client.restore_run(run_id)
    seen["restored"] = client.get_run(run_id).info.lifecycle_stage
    seen["changed_param"] = refused(lambda: client.log_param(run_id, "penalty", "l1"))
    client.log_param(run_id, "penalty", "l2")
    client.delete_tag(run_id, "team")
    seen["tag_gone"] = "team" in client.get_run(run_id).data.tags


def main() -> None:
    mlflow.set_experiment("wet-day")
    run_id, model_id = log_a_run()
    client = MlflowClient()
    look_back(client, run_id, model_id)
    search(client, run_id)
    registry(client, run_id)
    delete_and_restore(client, run_id)
    with mlflow.start_run(experiment_id="0", run_name="in the default experiment") as run:
        seen["default"] = run.info.experiment_id
    print(json.dumps({**seen, "run_id": run_id, "model_id": model_id}), file=sys.stderr)


main()

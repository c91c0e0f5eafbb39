"""The author's report on the model: how it does on days that it was not trained on, month by month.

This is what the author says. The gates of a promotion do not believe it: the platform runs the registered file
itself on a hold-out that no step receives.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import mlflow
import onnx
import pandas as pd
from sklearn.metrics import accuracy_score, brier_score_loss, confusion_matrix, roc_auc_score


def score(rows: pd.DataFrame) -> dict[str, float | int]:
    said = rows["probability"] > 0.5
    wet = float(rows["label"].mean())
    return {
        "days": len(rows),
        "wet_share": wet,
        "majority_share": max(wet, 1 - wet),
        "accuracy": float(accuracy_score(rows["label"], said)),
        "brier": float(brier_score_loss(rows["label"], rows["probability"])),
    }


def reliability(rows: pd.DataFrame, bins: int = 5) -> list[dict[str, float | int]]:
    """What was forecast against what came, in bins of equal width."""
    place = (rows["probability"] * bins).astype(int).clip(upper=bins - 1)
    return [
        {"forecast": float(group["probability"].mean()), "came": float(group["label"].mean()), "days": len(group)}
        for _, group in rows.groupby(place)
    ]


def main() -> None:
    file = Path(os.environ["CS_INPUT_MODEL"]).read_bytes()
    onnx.checker.check_model(onnx.load_model_from_string(file))
    rows = pd.read_parquet(os.environ["CS_INPUT_OUT_OF_FOLD"])
    months = {f"{month:%Y-%m}": score(group) for month, group in rows.groupby(rows["date"].dt.to_period("M").dt.to_timestamp())}
    overall = {**score(rows), "roc_auc": float(roc_auc_score(rows["label"], rows["probability"]))}
    report = {
        "model_sha256": hashlib.sha256(file).hexdigest(),
        "method": "blocked cross-validation: each block of consecutive days predicted by a model trained on the others",
        "overall": overall,
        "confusion": confusion_matrix(rows["label"], rows["probability"] > 0.5).tolist(),
        "by_month": months,
        "reliability": reliability(rows),
    }
    Path(os.environ["CS_OUTPUT_REPORT"]).write_text(json.dumps(report, indent=2, allow_nan=False) + "\n")
    with mlflow.start_run():
        mlflow.log_metrics({name: value for name, value in overall.items()})
        for step, month in enumerate(months.values()):
            mlflow.log_metric("month_accuracy", month["accuracy"], step=step)
        mlflow.log_dict(report, "report.json")
    for month, line in months.items():
        print(f"{month}: {line['days']} days, accuracy {line['accuracy']:.3f}, majority {line['majority_share']:.3f}")


if __name__ == "__main__":
    main()

"""Trains the rain model. An ordinary script: scikit-learn, skl2onnx and the stock MLflow client.

Countersign hands over paths and parameters as environment variables:
CS_INPUT_TRAINING_SET (Parquet), CS_OUTPUT_MODEL, CS_OUTPUT_OUT_OF_FOLD, CS_PARAM_…, and MLFLOW_… for the client.
"""

from __future__ import annotations

import json
import logging
import os
import tempfile
from pathlib import Path

import mlflow
import numpy as np
import onnxruntime
import pandas as pd
from mlflow.models import ModelSignature
from mlflow.types.schema import ColSpec, Schema, TensorSpec
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType
from sklearn.metrics import accuracy_score, brier_score_loss, log_loss
from sklearn.pipeline import Pipeline

from weather import FEATURES, blocks_of, features_of, labels_of, new_model

# What the deployed file answers may differ from scikit-learn by rounding only.
LARGEST_DIFFERENCE = 1e-5


def read_rows() -> pd.DataFrame:
    """The days of the training set, each with the features that were known on it and its label."""
    rows = pd.read_parquet(os.environ["CS_INPUT_TRAINING_SET"])
    rows["date"] = pd.to_datetime(rows["date"])
    first, last = os.environ["CS_PARAM_FIRST_DAY"], os.environ["CS_PARAM_LAST_DAY"]
    if len(rows) < 100:
        raise SystemExit(f"Only {len(rows)} rows lie between {first} and {last}; at least 100 are needed.")
    missing = int(rows[FEATURES].isna().any(axis=1).sum())
    if missing > 0:
        raise SystemExit(f"{missing} rows lack a feature; the model takes none that are missing.")
    return rows.sort_values("date").reset_index(drop=True)


def cross_validate(rows: pd.DataFrame, inverse_regularisation: float, folds: int) -> pd.DataFrame:
    """Each block of days is predicted by a model that was trained on the others; logs one point per fold."""
    features, labels = features_of(rows), labels_of(rows)
    probability = np.empty(len(rows))
    fold_of = np.empty(len(rows), dtype=np.int64)
    for fold, block in enumerate(blocks_of(len(rows), folds)):
        others = np.setdiff1d(np.arange(len(rows)), block)
        model = new_model(inverse_regularisation).fit(features[others], labels[others])
        probability[block] = model.predict_proba(features[block])[:, 1]
        fold_of[block] = fold
        accuracy = accuracy_score(labels[block], probability[block] > 0.5)
        mlflow.log_metrics(
            {
                "fold_accuracy": accuracy,
                "fold_brier": brier_score_loss(labels[block], probability[block]),
                "fold_wet_share": labels[block].mean(),
            },
            step=fold,
        )
        first, last = rows["date"].iloc[block[0]], rows["date"].iloc[block[-1]]
        print(f"fold {fold}: {first:%d %b} to {last:%d %b}, {len(block)} days, accuracy {accuracy:.3f}")
    return pd.DataFrame({"date": rows["date"], "label": labels, "probability": probability, "fold": fold_of})


def to_checked_onnx(model: Pipeline, features: np.ndarray):
    """One input tensor [n, 5] with the columns in order; refuses a conversion that answers otherwise than scikit-learn."""
    converted = to_onnx(
        model,
        initial_types=[("input", FloatTensorType([None, len(FEATURES)]))],
        options={id(model.steps[-1][1]): {"zipmap": False}},
    )
    session = onnxruntime.InferenceSession(converted.SerializeToString(), providers=["CPUExecutionProvider"])
    _, probabilities = session.run(None, {"input": features})
    difference = float(np.abs(probabilities - model.predict_proba(features)).max())
    mlflow.log_metric("onnx_largest_difference", difference)
    if difference > LARGEST_DIFFERENCE:
        raise SystemExit(f"The ONNX file differs from scikit-learn by {difference:.2e}.")
    return converted


def log_files(model: Pipeline, out_of_fold: pd.DataFrame) -> None:
    scaler, regression = model.steps[0][1], model.steps[1][1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        coefficients = {
            "intercept": float(regression.intercept_[0]),
            "coefficients": dict(zip(FEATURES, map(float, regression.coef_[0]))),
            "mean": dict(zip(FEATURES, map(float, scaler.mean_))),
            "standard_deviation": dict(zip(FEATURES, map(float, scaler.scale_))),
        }
        (folder / "coefficients.json").write_text(json.dumps(coefficients, indent=2) + "\n")
        out_of_fold.to_csv(folder / "out_of_fold.csv", index=False)
        mlflow.log_artifacts(name, "training")


def log_model(onnx_model, sample: np.ndarray) -> None:
    # MLflow tries the sample itself and packs the two outputs, which differ in shape, into one table. The file was
    # checked above already; the sample is kept all the same.
    logging.getLogger("mlflow.models.model").setLevel(logging.ERROR)
    signature = ModelSignature(
        inputs=Schema([ColSpec("double", name) for name in FEATURES]),
        outputs=Schema([TensorSpec(np.dtype("int64"), (-1,), "label"), TensorSpec(np.dtype("float32"), (-1, 2), "probabilities")]),
    )
    pinned = [line for line in Path("requirements.txt").read_text().splitlines() if line and not line.startswith("#")]
    mlflow.onnx.log_model(
        onnx_model,
        name="model",
        signature=signature,
        pip_requirements=pinned,
        onnx_execution_providers=["CPUExecutionProvider"],
        input_example=pd.DataFrame(sample.astype(np.float64), columns=FEATURES),
    )


def main() -> None:
    inverse_regularisation = float(os.environ["CS_PARAM_INVERSE_REGULARISATION"])
    folds = int(os.environ["CS_PARAM_FOLDS"])
    rows = read_rows()
    with mlflow.start_run():
        mlflow.log_params(
            {
                "model": "StandardScaler, LogisticRegression",
                "features": ",".join(FEATURES),
                "inverse_regularisation": inverse_regularisation,
                "folds": folds,
                "rows": len(rows),
                "first_day": f"{rows['date'].iloc[0]:%Y-%m-%d}",
                "last_day": f"{rows['date'].iloc[-1]:%Y-%m-%d}",
            }
        )
        out_of_fold = cross_validate(rows, inverse_regularisation, folds)
        wet = out_of_fold["label"].mean()
        scores = {
            "cv_accuracy": accuracy_score(out_of_fold["label"], out_of_fold["probability"] > 0.5),
            "cv_brier": brier_score_loss(out_of_fold["label"], out_of_fold["probability"]),
            "cv_log_loss": log_loss(out_of_fold["label"], out_of_fold["probability"]),
            "majority_share": max(wet, 1 - wet),
        }
        mlflow.log_metrics(scores)
        print(f"cross-validated accuracy {scores['cv_accuracy']:.3f} on {len(rows)} days, majority {scores['majority_share']:.3f}")

        model = new_model(inverse_regularisation).fit(features_of(rows), labels_of(rows))
        onnx_model = to_checked_onnx(model, features_of(rows))
        log_files(model, out_of_fold)
        log_model(onnx_model, features_of(rows)[:5])

    Path(os.environ["CS_OUTPUT_MODEL"]).write_bytes(onnx_model.SerializeToString())
    out_of_fold.to_parquet(os.environ["CS_OUTPUT_OUT_OF_FOLD"], index=False)


if __name__ == "__main__":
    main()

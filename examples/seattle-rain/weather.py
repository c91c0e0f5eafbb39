"""What training and evaluation share: the columns, the label, the model, the folds.

Nothing here knows of Countersign. The features are those of the view daily_weather (features/daily_weather.json), in
the order of FEATURES. The hold-out has the same columns from its import (imports/holdout.json), so that the platform's
own evaluation sees what this code sees.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

FEATURES = ["temp_max", "temp_min", "wind", "season_sin", "season_cos"]


def features_of(rows: pd.DataFrame) -> np.ndarray:
    """The inputs in the order of FEATURES, shape (rows, 5), as the 32-bit floats that the model takes."""
    return rows[FEATURES].to_numpy(dtype=np.float32)


def labels_of(rows: pd.DataFrame) -> np.ndarray:
    """1 for a wet day (precipitation above 0), 0 for a dry one."""
    return rows["label"].to_numpy(dtype=np.int64)


def new_model(inverse_regularisation: float) -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=inverse_regularisation))


def blocks_of(rows: int, folds: int) -> list[np.ndarray]:
    """Positions of consecutive rows: neighbouring days resemble each other, so a fold must not split them."""
    return [block for block in np.array_split(np.arange(rows), folds) if len(block) > 0]

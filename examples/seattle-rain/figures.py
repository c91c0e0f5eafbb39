"""Recomputes the demonstration's figures from the CSV file alone: `python figures.py`.

The split: of 2012, every fourth week from 1 January is the hold-out ((day of year - 1) div 7, mod 4 = 0);
the model is trained on the rest and not fitted again. 2013 shows how it ages.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd

from weather import features_of, labels_of, new_model

SHA256 = "0845078a290b48e3149ab8639966824110a251db4e06fc144c06ebb534af23be"
FILE = Path(__file__).parent / "data" / "seattle-weather.csv"


def read() -> pd.DataFrame:
    digest = hashlib.sha256(FILE.read_bytes()).hexdigest()
    if digest != SHA256:
        raise SystemExit(f"{FILE} has the digest {digest}, not the pinned one.")
    rows = pd.read_csv(FILE, parse_dates=["date"])
    angle = 2 * np.pi * rows["date"].dt.day_of_year / 365.25
    # The text column `weather` is made up by the packager and is not used.
    return rows.assign(season_sin=np.sin(angle), season_cos=np.cos(angle), label=rows["precipitation"] > 0)


def accuracy(model, rows: pd.DataFrame) -> float:
    return float((model.predict(features_of(rows)) == labels_of(rows)).mean())


def line(name: str, model, rows: pd.DataFrame) -> str:
    wet = labels_of(rows).mean()
    return f"{name}: {100 * accuracy(model, rows):.1f} % of {len(rows)} days (majority {100 * max(wet, 1 - wet):.1f} %)"


def main() -> None:
    rows = read()
    date = rows["date"]
    is_2012 = date.dt.year == 2012
    is_holdout = is_2012 & ((date.dt.day_of_year - 1) // 7 % 4 == 0)
    training = rows[is_2012 & ~is_holdout]
    model = new_model(1.0).fit(features_of(training), labels_of(training))
    print(f"trained on {len(training)} days of 2012")
    print(line("hold-out, every fourth week of 2012", model, rows[is_holdout]))
    for quarter in (1, 2, 3, 4):
        print(line(f"2013, quarter {quarter}", model, rows[(date.dt.year == 2013) & (date.dt.quarter == quarter)]))

    later = rows[(date >= "2012-10-01") & (date <= "2013-09-30")]
    challenger = new_model(1.0).fit(features_of(later), labels_of(later))
    fourth = rows[(date.dt.year == 2013) & (date.dt.quarter == 4)]
    print(line("challenger (1 October 2012 to 30 September 2013), 2013 quarter 4", challenger, fourth))
    was, now = (m.predict(features_of(fourth)) == labels_of(fourth) for m in (model, challenger))
    print(f"  against the first model: {int((now & ~was).sum())} days better, {int((was & ~now).sum())} worse")
    print(line("challenger, 2014 quarter 1", challenger, rows[(date.dt.year == 2014) & (date.dt.quarter == 1)]))


if __name__ == "__main__":
    main()

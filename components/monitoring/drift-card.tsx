"use client";
import { useState } from "react";
import { windowName } from "@/domain/monitoring/windows";
import { PairedBars } from "../charts/paired-bars";
import { formatNumber, formatShare } from "../data/format";
import { ReportCheck } from "../feedback/report-check";
import { Card } from "../ui/card";
import { Field, Select } from "../ui/field";
import { isInputs, type Monitor, worstDrift } from "./words";

/** One input of the last judged quarter beside the training rows of the same months. */
export function DriftCard({ monitor }: { monitor: Monitor }) {
  const [name, setName] = useState<string | null>(null);
  const last = monitor.checks.filter(isInputs).at(-1);
  if (!last) return null;
  const { features, reference, noReference } = last.details;
  const chosen = features.find((feature) => feature.name === (name ?? worstDrift(last)?.name)) ?? features[0];
  const drift = chosen?.drift ?? null;
  const title = `Inputs, ${windowName(last.windowStart)}`;
  if (!chosen || !reference) {
    return (
      <Card title={title}>
        <p className="text-sm text-pretty text-muted">No reference. {noReference}</p>
      </Card>
    );
  }
  return (
    <Card title={title} aside={drift && <span className="figures">PSI {formatNumber(drift.psi, 2)}</span>}>
      <div className="flex flex-col gap-3">
        <Field label="Input">
          {(field) => (
            <Select
              {...field}
              value={chosen.name}
              options={features.map((feature) => ({
                value: feature.name,
                label: feature.drift ? `${feature.name}, PSI ${formatNumber(feature.drift.psi, 2)}` : feature.name,
              }))}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        {drift && (
          <PairedBars
            bins={drift.bins}
            formatShare={(share) => formatShare(share)}
            label={`${chosen.name}: ${drift.bins.map((bin) => `${bin.label} ${formatShare(bin.reference)} then ${formatShare(bin.current)}`).join(", ")}`}
          />
        )}
        <p className="text-xs text-pretty text-muted">
          {drift
            ? `Grey: ${reference.rows} training rows of months ${reference.months}. Without any change about ${formatNumber(drift.expected, 2)} is expected, and sampling explains up to ${formatNumber(drift.chanceLimit, 2)}. ${drift.warns ? "This is more: it warns." : "So this says nothing yet."} `
            : "The training set has no such column. "}
          Outside of the training rows {formatShare(drift?.outOfRange ?? 0)}, missing {formatShare(chosen.missingShare)}
          .
        </p>
        <ReportCheck model={monitor.model} check={last} />
      </div>
    </Card>
  );
}

"use client";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { numberOf } from "../projects/use-form";
import { describeError } from "../providers/call-error";
import { useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { CallProblem } from "../ui/error-panel";
import { Field, Input, Select } from "../ui/field";
import type { Monitor } from "./words";

/** What of a monitor changes without signatures: who hears of alerts, and how often it looks. */
export function SettingsDialog({ monitor, onClose }: { monitor: Monitor; onClose: () => void }) {
  const trpc = useTRPC();
  const queryClient = useQueryClient();
  const project = useProject();
  const options = useQuery(trpc.monitoring.options.queryOptions({ projectId: project.id }));
  const [ownerId, setOwnerId] = useState(monitor.ownerId);
  const [interval, setInterval] = useState(String(monitor.intervalSeconds));
  const change = useMutation(
    trpc.monitoring.change.mutationOptions({
      onSuccess: onClose,
      onSettled: () => queryClient.invalidateQueries(trpc.monitoring.pathFilter()),
    }),
  );
  const problem = change.error ? describeError(change.error) : null;
  const owners = options.data?.owners ?? [{ id: monitor.ownerId, name: monitor.owner }];
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      title="Owner and interval"
      description="The limits, the metric and when labels are due do not change here: two people sign them."
      width="sm"
    >
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (change.isPending) return;
          change.mutate({
            projectId: project.id,
            monitorId: monitor.id,
            act: "update",
            ownerId,
            intervalSeconds: numberOf(interval),
          });
        }}
      >
        <Field label="Owner" hint="Alerts go to this person." error={problem?.fields.ownerId}>
          {(field) => (
            <Select
              {...field}
              value={ownerId}
              options={owners.map(({ id, name }) => ({ value: id, label: name }))}
              onChange={(event) => setOwnerId(event.target.value)}
            />
          )}
        </Field>
        <Field label="Look every, seconds" error={problem?.fields.intervalSeconds}>
          {(field) => (
            <Input
              {...field}
              inputMode="numeric"
              value={interval}
              onChange={(event) => setInterval(event.target.value)}
            />
          )}
        </Field>
        {problem && <CallProblem error={problem} />}
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" tone="primary" isPending={change.isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

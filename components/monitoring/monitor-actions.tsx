"use client";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Ellipsis, RefreshCw } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { usePermission, useProject } from "../providers/project";
import { useTRPC } from "../providers/trpc";
import { routes } from "../shell/routes";
import { Button } from "../ui/button";
import { ConfirmDialog } from "../ui/confirm-dialog";
import { DropdownMenu, MenuItem } from "../ui/menu";
import { useToast } from "../ui/toast";
import { SettingsDialog } from "./settings-dialog";
import type { Monitor } from "./words";

/** Check now; pause, resume and delete. */
export function MonitorActions({ monitor }: { monitor: Monitor }) {
  const trpc = useTRPC();
  const router = useRouter();
  const queryClient = useQueryClient();
  const project = useProject();
  const toast = useToast();
  const permission = usePermission("monitoring.edit");
  const [isDeleting, setIsDeleting] = useState(false);
  const [isEditing, setIsEditing] = useState(false);
  const about = { projectId: project.id, monitorId: monitor.id };
  const onSettled = () => queryClient.invalidateQueries(trpc.monitoring.pathFilter());
  const check = useMutation(
    trpc.monitoring.checkNow.mutationOptions({
      onSuccess: () => toast("A check was asked for"),
      onError: (error) => toast(error.message, { tone: "failed" }),
    }),
  );
  const change = useMutation(
    trpc.monitoring.change.mutationOptions({
      onSettled,
      onError: (error) => toast(error.message, { tone: "failed" }),
    }),
  );
  const remove = useMutation(
    trpc.monitoring.change.mutationOptions({
      onSuccess: () => router.push(routes.monitors(project.slug)),
    }),
  );
  const isPaused = monitor.state === "paused";
  return (
    <>
      <Button disabledReason={permission.reason} isPending={check.isPending} onClick={() => check.mutate(about)}>
        <RefreshCw aria-hidden />
        Check now
      </Button>
      <Button
        disabledReason={permission.reason}
        isPending={change.isPending}
        onClick={() => change.mutate({ ...about, act: isPaused ? "resume" : "pause" })}
      >
        {isPaused ? "Resume" : "Pause"}
      </Button>
      {permission.allowed && (
        <DropdownMenu
          trigger={
            <Button tone="ghost" size="icon" label="More acts">
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          <MenuItem onSelect={() => setIsEditing(true)}>Owner and interval…</MenuItem>
          <MenuItem onSelect={() => setIsDeleting(true)}>Delete…</MenuItem>
        </DropdownMenu>
      )}
      {isEditing && <SettingsDialog monitor={monitor} onClose={() => setIsEditing(false)} />}
      <ConfirmDialog
        isOpen={isDeleting}
        onOpenChange={setIsDeleting}
        title={`Delete monitor #${monitor.number}?`}
        act="Delete"
        tone="danger"
        isPending={remove.isPending}
        error={remove.error}
        onConfirm={() => remove.mutate({ ...about, act: "delete" })}
      >
        Its schedule ends and it leaves the list. What it judged and its alerts stay in the record.
      </ConfirmDialog>
    </>
  );
}

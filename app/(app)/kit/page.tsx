"use client";
import { useState } from "react";
import { LineChart } from "@/components/charts/line-chart";
import { Histogram } from "@/components/charts/histogram";
import { DataTable, type Column } from "@/components/data/data-table";
import { FilterBar, FilterChip } from "@/components/data/filters";
import { Position } from "@/components/data/position";
import { Sparkline } from "@/components/data/sparkline";
import { StatusBadge } from "@/components/data/status-badge";
import { ColumnChooser, LoadMore, SelectionBar } from "@/components/data/table-tools";
import { Dag } from "@/components/graph/dag";
import { PageFrame, TwoColumns } from "@/components/shell/page-frame";
import { Badge, Tag } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardRow } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { CopyId } from "@/components/ui/copy-id";
import { SummaryStrip } from "@/components/ui/key-value";
import { Num } from "@/components/ui/num";
import { Tabs } from "@/components/ui/tabs";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorPanel, ForbiddenPanel } from "@/components/ui/error-panel";
import { TableSkeleton, CardSkeleton } from "@/components/ui/skeleton";
import { Input, Field, Select } from "@/components/ui/field";
import { Switch, CheckboxLine } from "@/components/ui/checkbox";
import { routes } from "@/components/shell/routes";

type Row = { id: string; name: string; state: "RUNNING" | "FINISHED" | "FAILED" | "KILLED"; c: number; acc: number | null; hist: number[] };
const rows: Row[] = ["gentle-heron", "patient-wren", "brave-otter", "quiet-finch", "amber-lynx"].map((name, i) => ({ id: String(i), name, state: (["RUNNING", "FINISHED", "FINISHED", "FAILED", "KILLED"] as const)[i]!, c: [0.6, 0.6, 1, 10, 0.1][i]!, acc: i === 3 ? null : 0.806 - i * 0.02, hist: [0.6, 0.7, 0.72, 0.76 + i * 0.01, 0.8] }));
const columns: Column<Row>[] = [
  { id: "name", header: "Name", group: "Run", cell: (r) => r.name, sortKey: "name" },
  { id: "state", header: "State", group: "Run", cell: (r) => <StatusBadge kind="experimentRun" state={r.state} />, onPhone: "status" },
  { id: "c", header: "C", group: "Parameters", align: "right", cell: (r) => <Num value={r.c} /> , sortKey: "c" },
  { id: "pen", header: "penalty", group: "Parameters", cell: () => "l2" },
  { id: "hist", header: "accuracy", group: "Metrics", cell: (r) => <Sparkline values={r.hist} label="x" /> },
  { id: "acc", header: "best", group: "Metrics", align: "right", cell: (r) => <Num value={r.acc} digits={3} />, sortKey: "acc" },
];
export default function Kit() {
  const [sel, setSel] = useState<ReadonlySet<string>>(new Set(["0", "1"]));
  const [hidden, setHidden] = useState<string[]>([]);
  const [open, setOpen] = useState(false);
  const [step, setStep] = useState("train");
  const [f, setF] = useState<string[] | null>(["a"]);
  const [tab, setTab] = useState<"log" | "in">("log");
  const [on, setOn] = useState(true);
  return (
    <PageFrame crumbs={[{ label: "Seattle rain" }, { label: "Experiments" }]} title="wet-day" meta="experiment · 214 runs" width="full" status={<StatusBadge kind="promotion" state="waiting" word="Waiting for 1 of 2 people" />}
      actions={<><ColumnChooser columns={columns} hidden={hidden} onChange={setHidden} /><Button disabledReason="This needs the role ML engineer.">Withdraw</Button><Button tone="primary" onClick={() => setOpen(true)}>Log from Python</Button></>}>
      <div className="flex flex-col gap-4">
      <FilterBar isFiltered onClear={() => {}} summary="9 of 214 · newest first"><FilterChip label="State" options={[{ value: "a", label: "finished", count: 12 }, { value: "b", label: "running", count: 1 }]} selected={f ?? []} onChange={setF} /></FilterBar>
      <div><DataTable label="Runs" columns={columns.filter((c) => !hidden.includes(c.id))} rows={rows} rowKey={(r) => r.id} rowName={(r) => r.name} rowHref={() => routes.home()} sort={{ key: "acc", direction: "desc" }} onSort={() => {}} selection={{ selected: sel, onChange: setSel }} footer={<LoadMore shown={5} total={214} noun="run" hasMore isLoading={false} onLoad={() => {}} />} />
      <SelectionBar count={sel.size} noun="run" onClear={() => setSel(new Set())}><Button>Compare</Button></SelectionBar></div>
      <SummaryStrip pairs={[{ key: "Started by", value: "alert quality-floor" }, { key: "Code", value: <CopyId value="5be02f1aaabbbccc" what="commit" /> }, { key: "Queue, run", value: "0.4 s, 20.6 s" }]} />
      <TwoColumns side={<><Card title="Signatures" aside="1 of 2 · 3 days left" isFlush><CardRow>Mia</CardRow></Card><Card><CheckboxLine checked onChange={() => {}} hint="a hint">Read</CheckboxLine><Switch isOn={on} onChange={setOn} label="x" /><Field label="Name" error="This is needed." hint="hint">{(p) => <Input {...p} />}</Field><Select aria-label="pick" options={[{ value: "a", label: "A" }]} /></Card><CardSkeleton /></>}>
        <Card title="5 pass, 1 inconclusive" isFlush aside={<>evidence <CopyId value="9f3aabcdefc21" what="evidence" /></>}>
          <DataTable isBare label="Rules" rows={[{ v: 0.87, l: 0.8, c: 0.848, t: "pass" }, { v: 0.022, l: 0, c: null, t: "warn", i: [-0.011, 0.054] }, { v: 0.114, l: 0.16, c: 0.118, t: "pass", d: "at_most" }, { v: 0.4, l: 0.65, c: null, t: "fail" }] as never[]} rowKey={(r: any) => String(r.v)} columns={[{ id: "n", header: "Rule", cell: () => "Accuracy" }, { id: "v", header: "v7", align: "right", cell: (r: any) => <Num value={r.v} digits={3} className="font-semibold" /> }, { id: "p", header: "Position", cell: (r: any) => <Position value={r.v} limit={r.l} current={r.c} interval={r.i} direction={r.d ?? "at_least"} tone={r.t} label="x" /> }, { id: "t", header: "Verdict", cell: (r: any) => <StatusBadge kind="verdict" state={r.t === "warn" ? "inconclusive" : r.t} /> }] as never} />
        </Card>
        <Card title="Steps" isFlush aside="4 of 6"><Dag label="Steps" selected={step} onSelect={setStep} nodes={[{ id: "ingest", title: "ingest", subtitle: "1,461 rows", aside: "3.1 s", status: { kind: "step", state: "succeeded" } }, { id: "validate", title: "validate", subtitle: "3 of 3 checks", aside: "0.8 s", status: { kind: "step", state: "succeeded" } }, { id: "features", title: "features", subtitle: "5 columns", aside: "1.2 s", status: { kind: "step", state: "failed" } }, { id: "train", title: "train", subtitle: "attempt 2 of 3", aside: "14 s", status: { kind: "step", state: "running" } }, { id: "register", title: "register", subtitle: "waits", status: { kind: "step", state: "pending" } }]} edges={[{ from: "ingest", to: "validate" }, { from: "ingest", to: "features" }, { from: "validate", to: "train" }, { from: "features", to: "train" }, { from: "train", to: "register" }]} /></Card>
        <Card title="Accuracy by fold" aside="3 runs"><LineChart label="accuracy by fold" xLabel="fold" thresholds={[{ value: 0.8, label: "accepted ≥ 0.8" }]} series={[1, 2, 3].map((k) => ({ name: `run ${k}`, points: [1, 2, 3, 4, 5, 6, 7, 8].map((x) => ({ x, y: 0.75 + Math.sin(x + k) * 0.06 + k * 0.01, ...(k === 1 && { low: 0.7 + Math.sin(x + k) * 0.06, high: 0.8 + Math.sin(x + k) * 0.06 }) })) }))} /><Histogram edges={[0, 1, 2, 3, 4]} counts={[4, 9, 2, 1]} label="h" /></Card>
        <Card title="train" isFlush><Tabs label="Step" value={tab} onChange={setTab} tabs={[{ key: "log", label: "Log", content: <div className="p-3"><CodeBlock label="lines" code={"import mlflow\nmlflow.set_tracking_uri('http://localhost:3000')"} /></div> }, { key: "in", label: "Inputs", count: 2, content: "x" }]} /></Card>
        <TableSkeleton rows={3} /><Card isFlush><EmptyState title="No models yet" hint="A pipeline's register step puts one here." action={<Button>Push</Button>} /></Card><ErrorPanel error={{ message: "There it broke.", data: { code: "INTERNAL", requestId: "0195-aaaa-bbbb-cccc" } }} onRetry={() => {}} /><ForbiddenPanel reason="This needs the role ML engineer." />
        <div className="flex gap-2 flex-wrap">{(["evaluating","waiting","deploying","deployed","returned","withdrawn","expired","failed"] as const).map((s) => <StatusBadge key={s} kind="promotion" state={s} />)}<Tag>hold-out</Tag></div>
      </TwoColumns></div>
      <ConfirmDialog isOpen={open} onOpenChange={setOpen} title="Roll back to v5?" act="Roll back" tone="danger" nameToType="seattle-rain" comment="required" isPending={false} error={null} onConfirm={() => {}}>v7 stops at once.</ConfirmDialog>
    </PageFrame>
  );
}

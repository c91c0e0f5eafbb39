import { TriangleAlert } from "lucide-react";
import { type Column, DataTable } from "../data/data-table";
import { Card } from "../ui/card";
import type { Version } from "./version-view";

type Row = { readonly id: string; readonly name: string; readonly type: string; readonly shape: string };

const tensorColumns: readonly Column<Row>[] = [
  { id: "name", header: "Name", cell: (row) => row.name },
  { id: "type", header: "Type", className: "font-mono text-xs", cell: (row) => row.type },
  { id: "shape", header: "Shape", className: "font-mono text-xs", cell: (row) => row.shape },
];
const columnColumns = tensorColumns.slice(0, 2);

/** The contract: the columns that callers name, and the tensors that the file takes and gives. */
export function ContractCard({ version }: { version: Version }) {
  const { signature } = version;
  if (!signature) {
    const problem = version.tags["countersign.contract_problem"];
    return (
      <Card title="Contract">
        <p className="flex items-start gap-2 text-sm text-muted">
          <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
          <span>
            {problem ?? "No ONNX file was logged, so there is no contract."} It can be kept here, and its promotion
            would say what is missing.
          </span>
        </p>
      </Card>
    );
  }
  const tensors = (list: typeof signature.inputs): Row[] =>
    list.map((tensor) => ({
      id: tensor.name,
      name: tensor.name,
      type: tensor.datatype,
      shape: `[${tensor.shape.map((size) => (size < 0 ? "n" : size)).join(", ")}]`,
    }));
  return (
    <Card title="Contract" aside="n is the number of rows" isFlush>
      <Part
        title="Columns that callers send"
        rows={signature.columns.map((column) => ({ id: column.name, name: column.name, type: column.type, shape: "" }))}
        columns={columnColumns}
      />
      <Part title="Tensors that the file takes" rows={tensors(signature.inputs)} columns={tensorColumns} />
      <Part title="Tensors that it gives" rows={tensors(signature.outputs)} columns={tensorColumns} />
    </Card>
  );
}

function Part({ title, rows, columns }: { title: string; rows: readonly Row[]; columns: readonly Column<Row>[] }) {
  return (
    <section aria-label={title} className="border-b border-line last:border-b-0">
      <h3 className="px-3.5 pt-2.5 text-xs text-muted">{title}</h3>
      {rows.length === 0 ? (
        <p className="px-3.5 py-2 text-sm text-muted">None.</p>
      ) : (
        <DataTable label={title} rows={rows} columns={columns} rowKey={(row) => row.id} isBare />
      )}
    </section>
  );
}

"use client";
import { Upload } from "lucide-react";
import { useState } from "react";
import { usePermission } from "../providers/project";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import type { Dataset } from "./dataset-view";
import { ImportForm } from "./import-form";

/** Opens the form that makes a file the next version. */
export function ImportButton({ dataset }: { dataset: Dataset }) {
  const permission = usePermission("data.import");
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button tone="primary" disabledReason={permission.reason} onClick={() => setOpen(true)}>
        <Upload aria-hidden />
        Import version
      </Button>
      <Dialog
        isOpen={isOpen}
        onOpenChange={setOpen}
        title={`Import into ${dataset.name}`}
        description="A CSV file in UTF-8. The same file with the same options is the same version."
        width="md"
      >
        <ImportForm dataset={dataset} onDone={() => setOpen(false)} />
      </Dialog>
    </>
  );
}

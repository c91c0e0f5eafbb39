# Writes JSON without any library: bytes of the table, the note, and the greeting with its quotes escaped.
set -eu
bytes=$(wc -c < "$CS_INPUT_COUNTS" | tr -d ' ')
note=$(cat "$CS_INPUT_NOTE")
greeting=$(printf '%s' "$CS_PARAM_GREETING" | sed 's/\\/\\\\/g; s/"/\\"/g')
printf '{"table_bytes": %s, "note": "%s", "greeting": "%s"}\n' "$bytes" "$note" "$greeting" > "$CS_OUTPUT_REPORT"
echo "report written"

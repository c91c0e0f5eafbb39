/**
 * Which DuckDB expressions a person may write in a filter, a derived column or an evaluation's target.
 * The database parses the text; this module judges the tree: columns, constants, operators and a closed
 * list of pure functions of one row. No subquery, aggregate, window, parameter, star or table function.
 */

const FUNCTIONS: ReadonlySet<string> = new Set(
  [
    // arithmetic
    "+ - * / // % ** ^ abs add ceil ceiling cbrt exp even floor gcd greatest lcm least ln log log10 log2 mod multiply",
    "pow power round sign sqrt subtract trunc divide pi degrees radians isnan isinf isfinite",
    "sin cos tan asin acos atan atan2 sinh cosh tanh",
    // text
    "|| ~~ ~~* !~~ !~~* ~~~ ~ like_escape concat concat_ws contains ends_with starts_with prefix suffix length len strlen lower upper",
    "lcase ucase trim ltrim rtrim left right substr substring replace reverse instr position strpos split_part",
    "regexp_matches regexp_full_match regexp_extract regexp_replace ascii md5 nullif",
    // dates
    "year month day quarter week weekofyear weekday dayofweek isodow isoyear dayofmonth dayofyear hour minute second epoch epoch_ms",
    "date_part datepart date_trunc datetrunc date_diff datediff date_sub datesub last_day make_date make_timestamp strftime monthname dayname",
    "to_days to_hours to_minutes to_seconds to_weeks to_months to_quarters to_years to_milliseconds to_microseconds",
  ]
    .join(" ")
    .split(" "),
);

const CLASSES: ReadonlySet<string> = new Set([
  "COLUMN_REF",
  "CONSTANT",
  "FUNCTION",
  "COMPARISON",
  "CONJUNCTION",
  "OPERATOR",
  "CAST",
  "CASE",
  "BETWEEN",
]);
const MOST_NODES = 500;

export type ExpressionVerdict =
  | { readonly refusal: string }
  | { readonly refusal: null; readonly columns: readonly string[] };

type Tree = Readonly<Record<string, unknown>>;
const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** Every expression node below `value`; nodes without a class are containers. */
function* nodesBelow(value: unknown): Generator<Tree> {
  if (Array.isArray(value)) {
    for (const item of value) yield* nodesBelow(item);
  } else if (isTree(value)) {
    if (typeof value.class === "string") yield value;
    for (const item of Object.values(value)) yield* nodesBelow(item);
  }
}

/** The one expression of `SELECT (…) AS value FROM input`, or why the text is something else. */
function onlyExpression(parsed: unknown): Tree | string {
  if (!isTree(parsed)) return "The expression could not be read.";
  if (parsed.error === true) return `The expression could not be read: ${String(parsed.error_message)}.`;
  const statements = Array.isArray(parsed.statements) ? parsed.statements : [];
  const [statement] = statements;
  const node = isTree(statement) && isTree(statement.node) ? statement.node : null;
  const list = Array.isArray(node?.select_list) ? node.select_list : [];
  const isPlain =
    node?.type === "SELECT_NODE" &&
    node.where_clause === null &&
    node.having === null &&
    node.qualify === null &&
    isEmpty(node.modifiers) &&
    isEmpty(node.group_expressions);
  const isFromInput =
    isTree(node?.from_table) && node.from_table.type === "BASE_TABLE" && node.from_table.table_name === "input";
  if (statements.length !== 1 || list.length !== 1 || !isPlain || !isFromInput || !isTree(list[0]))
    return "Write one expression, such as precipitation > 0.";
  return list[0];
}

const isEmpty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);

function refusalOfNode(node: Tree, known: ReadonlySet<string>): string | null {
  const kind = String(node.class);
  if (kind === "SUBQUERY") return "A subquery is not allowed here.";
  if (!CLASSES.has(kind)) return `${kind.toLowerCase().replace("_", " ")} is not allowed here.`;
  if (kind === "FUNCTION") {
    const name = String(node.function_name);
    // EXTRACT(… FROM …) is parsed as a function of the schema main.
    const isBuiltIn = node.schema === "" || node.schema === "main" || node.schema === undefined;
    if (!FUNCTIONS.has(name) || !isBuiltIn || node.catalog) return `The function ${name} is not allowed here.`;
  }
  if (kind === "COLUMN_REF") {
    const name = columnOf(node);
    if (name === null || !known.has(name)) return `There is no column ${name ?? String(node.column_names)}.`;
  }
  return null;
}

function columnOf(node: Tree): string | null {
  const names = node.column_names;
  return Array.isArray(names) && names.length === 1 && typeof names[0] === "string" ? names[0] : null;
}

/**
 * Judges the tree that DuckDB's `json_serialize_sql` gives for `SELECT (…) AS value FROM input`.
 * `known` are the columns that may be named, exactly as they are spelt.
 */
export function judgeExpression(parsed: unknown, known: readonly string[]): ExpressionVerdict {
  const expression = onlyExpression(parsed);
  if (typeof expression === "string") return { refusal: expression };
  const nodes = [...nodesBelow(expression)];
  if (nodes.length > MOST_NODES) return { refusal: "The expression is too long." };
  const names = new Set(known);
  for (const node of nodes) {
    const refusal = refusalOfNode(node, names);
    if (refusal) return { refusal };
  }
  const columns = nodes.filter((node) => node.class === "COLUMN_REF").flatMap((node) => columnOf(node) ?? []);
  return { refusal: null, columns: [...new Set(columns)].sort() };
}

/** Width of the rail, kept in a cookie so that the server draws the right one. */
export const RAIL_COOKIE = "countersign-rail";

import { benchMonitoring, checkLine, labelsLine } from "./monitoring";
const found = await benchMonitoring();
console.log(checkLine(found));
console.log(labelsLine(found));

// What makes the pages better with JavaScript; everything works without it.
import { startForms } from "./js/forms.js";
import { startRosters } from "./js/rosters.js";
import { startSaving } from "./js/saving.js";

startForms();
startRosters();
startSaving();

// Entry of the player's pages: steppers, the moving figure, the rest timer.
import "./stepper.js";
import "./figure.js";
import "./rest.js";

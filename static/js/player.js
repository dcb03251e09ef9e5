// Entry of the player's pages: steppers, the moving figure, the rest timer, the load that follows.
import "./stepper.js";
import "./figure.js";
import "./rest.js";
import "./follow.js";

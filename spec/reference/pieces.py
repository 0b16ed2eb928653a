"""Makes spec/formulas/pieces.md: pieces, kinks and jumps, beside their boundaries. Run: python3 spec/reference/pieces.py"""

from truth import *  # noqa: F403  the words that a translation is written with

def sign(x):
    return choose(x < 0, -1, choose(x > 0, 1, 0))

def modulo(x, y):
    return x - y*Floor(x/y)

F("modulus beside its corner", "|x|", "x; x,x", lambda x: absolute(x), "1; -1; 1e-60; -1e-12; 1e10")
F("modulus of a square less one", "|x^2 - 1|", "x; x,x", lambda x: absolute(x**2 - 1), "0; 1.0000001; 0.9999999; -1.5; 1e4")
F("modulus of a sine", "|sin(x)|", "x; x,x", lambda x: absolute(sin(x)), "1; -1; 3.1415; 3.1416; 100")
F("modulus to a power", "|x|^3", "x; x,x", lambda x: absolute(x)**3, "1; -1; 1e-5; -2; -1e3")
F("modulus to a moving power", "|x|^x", "x", lambda x: absolute(x)**x, "1; -1; 0.1; -2.5; -0.001")
F("nested moduli", "||x| - 1|", "x", lambda x: absolute(absolute(x) - 1), "0.5; -0.5; 2; -2; 0.999999")
F("x times its modulus", "x|x - 2|", "x; x,x", lambda x: x*absolute(x - 2), "1; 3; 2.0001; 1.9999; -5")
F("root of a modulus", "sqrt(|x - 1|)", "x; x,x", lambda x: sqrt(absolute(x - 1)), "0; 2; 1.000001; 0.999; -8")
F("largest of three", "max(x, max(y, x*y))", "x; y", lambda x, y: larger(x, larger(y, x*y)), "0.5 2; 3 0.5; -1 -2; 4 5; 0.1 0.2")
F("smallest of a wave and a line", "min(sin(x), x/2)", "x", lambda x: smaller(sin(x), x/2), "1; 3; -1; -3; 0.1")
F("clamped", "max(0, min(1, (x-a)/(b-a)))", "x; a", lambda x, a, b: larger(0, smaller(1, (x - a)/(b - a))), "0.5 0 1; -1 0 1; 2 0 1; 3 2 5; 2.0001 2 5")
F("smooth step inside and out", "if x < 0 then 0 else if x > 1 then 1 else 3x^2 - 2x^3", "x; x,x",
  lambda x: choose(x < 0, 0, choose(x > 1, 1, 3*x**2 - 2*x**3)), "0.5; -1; 2; 0.999999; 1e-6")
F("Huber loss", "if |x| < 1 then x^2/2 else |x| - 1/2", "x; x,x", lambda x: choose(absolute(x) < 1, x**2/2, absolute(x) - R("1/2")), "0; 0.5; -0.9999; 2; -3")
F("income tax", "piecewise(x < 10000, 0, x < 40000, 0.2(x - 10000), 6000 + 0.4(x - 40000))", "x",
  lambda x: choose(x < 10000, 0, choose(x < 40000, R("0.2")*(x - 10000), 6000 + R("0.4")*(x - 40000))), "5000; 20000; 50000; 9999.99; 40000.01")
F("leaky unit", "max(0.01x, x)", "x", lambda x: larger(R("0.01")*x, x), "1; -1; 1e-9; -1e-9; 100")
F("exponential linear unit", "if x > 0 then x else exp(x) - 1", "x; x,x", lambda x: choose(x > 0, x, exp(x) - 1), "1; -1; 1e-9; -1e-9; -50")
F("rectifier of a product", "relu(x*y - 1)", "x; y; x,y", lambda x, y: larger(x*y - 1, 0), "1 2; 2 1; 0.1 0.2; -1 -3; 1 1.0000001")
F("rectifier squared", "relu(x)^2", "x; x,x", lambda x: larger(x, 0)**2, "1; -1; 1e-9; -1e-9; 100")
F("hinge loss", "max(0, 1 - y (w x + b))", "w; b", lambda y, w, x, b: larger(0, 1 - y*(w*x + b)), "1 0.5 1 0; -1 0.5 1 0; 1 3 1 0; -1 -2 2 1; 1 0.1 0.1 0.1")
F("floor away from its jumps", "x floor(x)", "x", lambda x: x*Floor(x), "0.5; 1.999999; -0.1; 3.000001; 1000000.5")
F("ceiling away from its jumps", "ceil(x)^2 sin(x)", "x", lambda x: (-Floor(-x))**2*sin(x), "0.5; 1.999999; -1.1; 3.000001; 100.5")
F("rounding away from its jumps", "x - round(x)", "x", lambda x: x - Floor(x + R("1/2")), "0.3; 0.499999; -1.2; 7.7; 1e6")
F("triangle wave", "|mod(x, 2) - 1|", "x", lambda x: absolute(modulo(x, 2) - 1), "0.5; 1.5; -0.3; 7.9; 100.1")
F("modulus by a variable", "mod(x, y)", "x; y", lambda x, y: modulo(x, y), "5 3; -5 3; 5 -3; 7.5 2.1; 100 0.3")
F("sign in front", "sign(x) x^2", "x; x,x", lambda x: sign(x)*x**2, "1; -1; 1e-8; -1e-8; 30")
F("step times a ramp", "heaviside(x - 1) (x - 1)^2", "x", lambda x: choose(x < 1, 0, (x - 1)**2), "0; 2; 1.0001; 0.9999; 50")
F("square wave", "sign(sin(x)) x", "x", lambda x: sign(sin(x))*x, "1; 4; -1; 3.14; 100")
F("deadzone", "x - max(-1, min(1, x))", "x", lambda x: x - larger(-1, smaller(1, x)), "0.5; 2; -2; 1.000001; -0.999999")
F("soft threshold", "sign(x) max(|x| - t, 0)", "x; t", lambda x, t: sign(x)*larger(absolute(x) - t, 0), "1 0.5; -1 0.5; 0.1 0.5; 3 2.9999; -0.4 0.5")
F("distance to a segment", "if t < 0 then hypot(x, y) else |y|", "x; y", lambda t, x, y: choose(t < 0, sqrt(x**2 + y**2), absolute(y)), "-1 3 4; 1 3 4; 1 0 -2; -0.1 1e-3 1e-3; 5 -1 -1")
F("larger of a parabola and a line", "max(x^2, 2x)", "x; x,x", lambda x: larger(x**2, 2*x), "1; 3; -1; 1.999999; 1e-6")
F("two conditions at once", "if x > 0 and y > 0 then x*y else x^2 + y^2", "x; y; x,y",
  lambda x, y: choose(x > 0, choose(y > 0, x*y, x**2 + y**2), x**2 + y**2), "1 2; -1 2; 1 -2; -1 -2; 1e-5 1e5")

write("formulas/pieces.md", "Pieces, corners and jumps", "Beside their boundaries, never on them.", "pieces.py")

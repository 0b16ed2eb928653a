"""Makes spec/formulas/textbook.md: the tables of derivatives that a first course learns. Run: python3 spec/reference/textbook.py"""

from truth import *  # noqa: F403  the words that a translation is written with

# ---------------------------------------------------------------- rules

F("constant", "7 + 0*x", "x", lambda x: 7 + 0*x, "0; 1; -2; 1e10; 1e-10")
F("straight line", "3x - 4", "x", lambda x: 3*x - 4, "0; 1; -2; 1e10; 1e-10")
F("constant multiple", "-5x^3", "x", lambda x: -5*x**3, "0; 1; -2; 1e5; 1e-5")
F("sum of powers", "x^4 + 3x^3 - 2x + 7", "x; x,x", lambda x: x**4 + 3*x**3 - 2*x + 7, "0; 1; -2; 0.1; 1e4")
F("negative powers", "1/x + 2/x^2 + 3/x^3", "x", lambda x: 1/x + 2/x**2 + 3/x**3, "1; -2; 0.01; 1e6; -1e-4")
F("fractional powers", "x^(1/2) + x^(2/3) + x^(-3/4)", "x",
  lambda x: sqrt(x) + x**R("2/3") + x**R("-3/4"), "1; 2; 0.01; 1e6; 1e-8")
F("odd root of a negative number", "x^(3/5)", "x", lambda x: choose(x < 0, -(-x)**R("3/5"), x**R("3/5")), "1; -1; -32; 0.001; -1e-6")
F("square of an odd root", "x^(2/3)", "x", lambda x: (x*x)**R("1/3"), "1; -1; -8; 0.001; 1e12")
F("irrational power", "x^pi", "x", lambda x: x**pi, "1; 2; 0.01; 100; 1e-5")
F("product of three", "x (x+1) sin x", "x", lambda x: x*(x + 1)*sin(x), "0; 1; -1; 2.5; 100")
F("quotient of sine and polynomial", "sin(x)/(x^2+1)", "x; x,x", lambda x: sin(x)/(x**2 + 1), "0; 1; -1; 2.5; 1000")
F("quotient with a pole", "(2x+1)/(x-3)", "x", lambda x: (2*x + 1)/(x - 3), "0; 3.0001; 2.9999; -7; 1e8")
F("quotient of exponential and power", "e^x/x^3", "x", lambda x: exp(x)/x**3, "1; 3; -1; 0.01; 30")
F("chain of three", "sin(cos(tan(x)))", "x", lambda x: sin(cos(tan(x))), "0.1; 1; -1.2; 2; 1.5")
F("chain through a root", "sqrt(1 + sin(x)^2)", "x", lambda x: sqrt(1 + sin(x)**2), "0; 1; -1; 3; 1e3")
F("power of a power of a sum", "((x^2+1)^3 - x)^2", "x", lambda x: ((x**2 + 1)**3 - x)**2, "0; 1; -1; 0.5; 10")
F("logarithmic differentiation", "x^2 sqrt(x+1)/(x+2)^5", "x", lambda x: x**2*sqrt(x + 1)/(x + 2)**5, "0; 1; -0.5; 10; 1e4")
F("power with both moving", "(1+x^2)^sin(x)", "x", lambda x: (1 + x**2)**sin(x), "0; 1; -1; 3; 10")
F("x to the root of x", "x^sqrt(x)", "x", lambda x: x**sqrt(x), "0.1; 1; 2; 4; 30")
F("root with a moving order", "2^(1/x)", "x", lambda x: 2**(1/x), "1; -1; 0.1; -0.02; 1e5")
F("logarithm with a moving base", "log(x, 5)", "x", lambda x: log(5)/log(x), "2; 0.5; 1.001; 0.999; 1e6")
F("definition used twice", "u = x^2 + 1; u ln u - u", "x", lambda x: (x**2 + 1)*log(x**2 + 1) - (x**2 + 1), "0; 1; -1; 0.1; 1e3")
F("definition with parameters", "g(t) = t^2 e^(-t); f(x) = g(2x) + g(x)", "x",
  lambda x: (2*x)**2*exp(-2*x) + x**2*exp(-x), "0; 1; -1; 3; 20")
F("sum over an index", "sum(k, 1, 6, sin(k x)/k)", "x", lambda x: sum(sin(k*x)/k for k in range(1, 7)), "0; 1; -1; 3; 0.01")
F("Taylor polynomial of the exponential", "sum(n, 0, 8, x^n/(n!))", "x",
  lambda x: sum(x**n*R(f"1/{c}") for n, c in enumerate([1, 1, 2, 6, 24, 120, 720, 5040, 40320])), "0; 1; -1; 0.1; 5")

# ---------------------------------------------------------------- each elementary function

F("sine of a multiple and a shift", "sin(3x + pi/4)", "x; x,x", lambda x: sin(3*x + pi/4), "0; 1; -2; 0.7853981633974483; 1e4")
F("cosine of the reciprocal", "cos(1/x)", "x", lambda x: cos(1/x), "1; -1; 0.1; 0.01; 1e5")
F("tangent near its pole", "tan(x)", "x; x,x", lambda x: tan(x), "0; 1.57; 1.5707; -1.6; 3")
F("cotangent", "cot(2x)", "x; x,x", lambda x: cot(2*x), "0.001; 1; -1; 1.57; 3")
F("secant", "sec(x)", "x; x,x", lambda x: sec(x), "0; 1.57; 1; -2; 4.7")
F("cosecant", "csc(x)", "x; x,x", lambda x: csc(x), "0.001; 1; -2; 3.14; 6")
F("secant times tangent", "sec(x) tan(x)", "x", lambda x: sec(x)*tan(x), "0; 1; -1; 2; 1.5")
F("natural logarithm of a modulus", "ln|x|", "x; x,x", lambda x: log(absolute(x)), "1; -1; 1e-5; -1e5; 2.5")
F("logarithm of tangent", "ln(tan(x/2))", "x", lambda x: log(tan(x/2)), "0.001; 1; 2; 3; 1.5707963267948966")
F("logarithm of secant plus tangent", "ln|sec x + tan x|", "x", lambda x: log(absolute(sec(x) + tan(x))), "0; 1; -1; 2; 1.5")
F("logarithm of a logarithm", "ln(ln(x))", "x", lambda x: log(log(x)), "1.0001; 2; 2.718281828459045; 10; 1e100")
F("exponential of a sine", "e^sin(x)", "x; x,x", lambda x: exp(sin(x)), "0; 1; -1; 3; 1e3")
F("exponential of an exponential", "exp(exp(x))", "x", lambda x: exp(exp(x)), "0; 1; -5; 2; -40")
F("power of two", "exp2(x) + 2^-x", "x", lambda x: 2**x + 2**(-x), "0; 1; -1; 10; 0.001")
F("power of ten", "10^x", "x; x,x", lambda x: 10**x, "0; 1; -1; 20; -20")
F("arc sine near its edge", "asin(x)", "x; x,x", lambda x: asin(x), "0; 0.5; -0.999; 0.999999; 1e-9")
F("arc cosine", "arccos(x)", "x; x,x", lambda x: acos(x), "0; 0.5; -0.999; 0.9999999; 1e-9")
F("arc tangent", "arctan(x)", "x; x,x", lambda x: atan(x), "0; 1; -1e3; 1e8; 1e-9")
F("arc cotangent of both signs", "acot(x)", "x; x,x", lambda x: acot(x), "1; -1; 1e4; -0.001; 0.001")
F("arc secant, by the cosine", "acos(1/x)*x", "x", lambda x: x*acos(1/x), "1.001; 2; -2; 10; -1e5")
F("arc sine of a root", "asin(sqrt(x))", "x", lambda x: asin(sqrt(x)), "0.5; 0.001; 0.999; 0.25; 1e-8")
F("arc tangent of a root", "atan(sqrt(x^2-1))", "x", lambda x: atan(sqrt(x**2 - 1)), "1.0001; 2; -2; 100; -1.5")
F("arc tangent of sine", "arctan(2 sin x)", "x", lambda x: atan(2*sin(x)), "0; 1; -1; 3; 10")
F("hyperbolic sine", "sinh(2x)", "x; x,x", lambda x: sinh(2*x), "0; 1e-9; -1; 10; 100")
F("hyperbolic cosine", "cosh(x^2)", "x; x,x", lambda x: cosh(x**2), "0; 1; -1; 3; 10")
F("hyperbolic tangent far out", "tanh(x)", "x; x,x", lambda x: tanh(x), "0; 1; -5; 19; 300")
F("hyperbolic cotangent", "coth(x)", "x; x,x", lambda x: coth(x), "1; 0.001; -2; 20; -0.5")
F("hyperbolic secant", "sech(x)", "x; x,x", lambda x: sech(x), "0; 1; -2; 30; 300")
F("hyperbolic cosecant", "csch(x)", "x; x,x", lambda x: csch(x), "1; 0.001; -2; 30; -300")
F("inverse hyperbolic sine", "asinh(x)", "x; x,x", lambda x: asinh(x), "0; 1; -1e3; 1e-9; 1e9")
F("inverse hyperbolic cosine near its edge", "arccosh(x)", "x; x,x", lambda x: acosh(x), "1.000001; 2; 10; 1e3; 1e9")
F("inverse hyperbolic tangent", "artanh(x)", "x; x,x", lambda x: atanh(x), "0; 0.5; -0.9; 0.999999; 1e-9")
F("hyperbolic and circular together", "sinh(x) sin(x) + cosh(x) cos(x)", "x", lambda x: sinh(x)*sin(x) + cosh(x)*cos(x), "0; 1; -1; 5; 20")
F("Gudermannian", "2 atan(tanh(x/2))", "x", lambda x: 2*atan(tanh(x/2)), "0; 1; -1; 5; 30")
F("square root of a difference of squares", "sqrt(a^2 - x^2)", "x; a", lambda x, a: sqrt(a**2 - x**2), "0 1; 1 2; -2.999 3; 0.5 -1; 1e-3 1e3")
F("cube root of a sum of cubes", "cbrt(x^3 + y^3)", "x; y", lambda x, y: cube_root(x**3 + y**3), "1 2; -1 -2; 0.1 3; -2 1; 10 0.01")
F("fifth root", "root(x, 5)", "x; x,x", lambda x: choose(x < 0, -(-x)**R("1/5"), x**R("1/5")), "1; -1; 32; 1e-5; -1e10")
F("sinc", "sinc(x)", "x; x,x", lambda x: sin(x)/x, "1; 3.141592653589793; -0.01; 1e-8; 100")
F("logarithm of one more", "log1p(x)/(1+x)", "x", lambda x: log(1 + x)/(1 + x), "1e-12; 0.5; -0.5; 1e5; -0.999")
F("binary logarithm", "log2(x^2 + x)", "x", lambda x: log(x**2 + x)/log(2), "1; 1e-6; -2; 100; 1e9")

# ---------------------------------------------------------------- integrals that tables give

F("antiderivative of the logarithm", "x ln x - x", "x; x,x", lambda x: x*log(x) - x, "1; 0.001; 2.5; 1e5; 1e-20")
F("antiderivative of arc tangent", "x atan(x) - ln(1+x^2)/2", "x", lambda x: x*atan(x) - log(1 + x**2)/2, "0; 1; -1; 1e3; 1e-3")
F("antiderivative of a root of squares", "x/2 sqrt(x^2+4) + 2 asinh(x/2)", "x",
  lambda x: x/2*sqrt(x**2 + 4) + 2*asinh(x/2), "0; 1; -1; 100; 1e-5")
F("antiderivative by parts", "e^(a x)(a sin(b x) - b cos(b x))/(a^2+b^2)", "x; a",
  lambda x, a, b: exp(a*x)*(a*sin(b*x) - b*cos(b*x))/(a**2 + b**2), "0 1 1; 1 2 3; -1 0.5 2; 2 -1 5; 0.1 0.01 1")
F("partial fractions", "ln|(x-1)/(x+1)|/2", "x", lambda x: log(absolute((x - 1)/(x + 1)))/2, "0; 2; -3; 1.001; 100")

write("formulas/textbook.md", "Textbook tables", "The rules, each elementary function, and antiderivatives.", "textbook.py")

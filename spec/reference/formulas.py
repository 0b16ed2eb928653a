"""Makes spec/formulas.md: one hundred formulas from textbooks and from physics. How the numbers come about stands in truth.py.

Run: python3 spec/reference/formulas.py
"""

from truth import *  # noqa: F403  the words that a translation is written with

# ---------------------------------------------------------------- calculus in one variable

F("parabola of the first notes", "2x^2", "x", lambda x: 2*x**2, "0; 1; 2; -3.5; 1e-8")
F("product of two polynomials", "(x²+1)(x³-2x)", "x", lambda x: (x**2 + 1)*(x**3 - 2*x), "0.5; -1; 3; 1.4142135623730951; 10")
F("quotient of two polynomials", "(x^2-1)/(x^2+1)", "x", lambda x: (x**2 - 1)/(x**2 + 1), "0; 1; -0.3; 2; 1e5")
F("high power by the chain rule", "(3x^2+5)^7", "x", lambda x: (3*x**2 + 5)**7, "0.1; -1; 2; 0.7; 5")
F("power times sine", "x² sin x", "x", lambda x: x**2*sin(x), "0.5; -2; 3; 10; 100")
F("sine over x", "sin(x)/x", "x", lambda x: sin(x)/x, "0.01; 1; -2; 3.141592653589793; 50")
F("tangent of a multiple", "tan(3x)", "x", lambda x: tan(3*x), "0.1; 0.5; -0.5; 1; 2")
F("cosecant less cotangent", "csc(x) - cot(x)", "x", lambda x: csc(x) - cot(x), "0.001; 0.5; 1; 2; -1")
F("bell curve, second derivative", "exp(-x²)", "x,x", lambda x: exp(-x**2), "0; 0.5; -1; 2; 5")
F("exponential times cosine", "e^(2x) cos(5x)", "x", lambda x: E**(2*x)*cos(5*x), "0; 0.3; -1; 1.5; 3")
F("x to the x", "x^x", "x", lambda x: x**x, "0.1; 0.5; 1; 2.5; 10")
F("x to the x, second derivative", "x^x", "x,x", lambda x: x**x, "0.1; 0.5; 1; 2.5; 10")
F("sine to the cosine", "sin(x)^cos(x)", "x", lambda x: sin(x)**cos(x), "0.2; 0.7; 1.5; 2; 3")
F("logarithm over x", "ln(x)/x", "x", lambda x: log(x)/x, "0.1; 1; 2.718281828459045; 10; 1e4")
F("decimal logarithm", "log10(x^2+1)", "x", lambda x: log(x**2 + 1)/log(10), "0.5; -1; 3; 30; 1000")
F("logarithm to base two", "log(2, x^2+3)", "x", lambda x: log(x**2 + 3)/log(2), "0.5; -1; 1; 8; 100")
F("arc sine", "asin(2x/3)", "x", lambda x: asin(2*x/3), "0; 0.5; -1; 1.2; 1.499")
F("arc cosine of the reciprocal", "acos(1/x)", "x", lambda x: acos(1/x), "1.01; 1.5; 2; -3; 100")
F("arc tangent of a quotient", "atan((1-x)/(1+x))", "x", lambda x: atan((1 - x)/(1 + x)), "0; 0.5; 1; 3; -4")
F("arc cotangent", "acot(x^2+x)", "x", lambda x: acot(x**2 + x), "0.1; 1; -0.5; -2; 10")
F("hyperbolic product", "sinh(x)*cosh(x)", "x", lambda x: sinh(x)*cosh(x), "0; 0.5; -1; 3; 20")
F("inverse hyperbolic cosine less logarithm", "acosh(x) - ln(x)", "x", lambda x: acosh(x) - log(x), "1.0001; 1.5; 2; 10; 100")
F("hyperbolic cosecant and secant", "csch(x) + sech(x)", "x", lambda x: csch(x) + sech(x), "0.1; 1; -1; 3; 10")
F("cube root of either sign", "cbrt(x^2+x)", "x", lambda x: cube_root(x**2 + x), "0.1; 1; -0.5; -0.9; 7")
F("fourth root", "root(x^3+1, 4)", "x", lambda x: (x**3 + 1)**R("1/4"), "0.1; 1; -0.5; 2; 100")
F("nested roots", "√(x+√(x+√x))", "x", lambda x: sqrt(x + sqrt(x + sqrt(x))), "0.01; 0.5; 1; 4; 100")
F("finite geometric sum", "sum(i, 1, 10, x^i)", "x", lambda x: sum(x**i for i in range(1, 11)), "0.5; -0.5; 1; 1.1; 2")

# ---------------------------------------------------------------- several variables

F("monomial in two variables", "x^2*y^3", "y", lambda x, y: x**2*y**3, "1 2; -1 0.5; 3 -2; 0.1 0.1; 10 7")
F("mixed derivative of a product of waves", "sin(x)*cos(y)", "x,y", lambda x, y: sin(x)*cos(y), "0 1; 1 2; -1 0.5; 3 3; 10 -7")
F("distance", "hypot(x-1, y+2)", "x", lambda x, y: sqrt((x - 1)**2 + (y + 2)**2), "0 0; 4 2; 1.5 -2; -3 7; 1e5 1")
F("angle", "atan2(y, x)", "y", lambda y, x: atan2(y, x), "1 2; -1 2; 1 -2; -3 -0.5; 0.001 5")
F("Rosenbrock", "(1-x)^2 + 100*(y-x^2)^2", "x", lambda x, y: (1 - x)**2 + 100*(y - x**2)**2,
  "-1.2 1; 0 0; 1 1.1; 0.5 2; 3 9")
F("Himmelblau", "(x^2+y-11)^2 + (x+y^2-7)^2", "x", lambda x, y: (x**2 + y - 11)**2 + (x + y**2 - 7)**2,
  "0 0; 1 -1; 3.5 2; -2.8 3.1; -4 -3")
F("Beale", "(1.5-x+x*y)^2 + (2.25-x+x*y^2)^2 + (2.625-x+x*y^3)^2", "y",
  lambda x, y: (R("1.5") - x + x*y)**2 + (R("2.25") - x + x*y**2)**2 + (R("2.625") - x + x*y**3)**2,
  "1 1; 0.5 -0.5; 3 0.4; -2 0.1; 4 -1")
F("Ackley", "-20*exp(-0.2*sqrt((x^2+y^2)/2)) - exp((cos(2*pi*x)+cos(2*pi*y))/2) + e + 20", "x",
  lambda x, y: -20*exp(-R("0.2")*sqrt((x**2 + y**2)/2)) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + E + 20,
  "0.1 0; 1 1; -0.5 2.3; 3 -4; 0.01 0.02")
F("Rastrigin", "20 + x^2 - 10*cos(2*pi*x) + y^2 - 10*cos(2*pi*y)", "y",
  lambda x, y: 20 + x**2 - 10*cos(2*pi*x) + y**2 - 10*cos(2*pi*y), "0.1 0.1; 1 0.9; -0.5 2.3; 3 -4.5; 0.01 0.02")
F("softmax of three", "exp(a)/(exp(a)+exp(b)+exp(c))", "b", lambda a, b, c: exp(a)/(exp(a) + exp(b) + exp(c)),
  "1 2 3; 0 0 0; -5 5 1; 10 -10 0.5; 0.1 0.2 0.3")
F("log-sum-exp", "ln(exp(x)+exp(y))", "x", lambda x, y: log(exp(x) + exp(y)), "0 0; 1 -1; 30 -30; -40 3; 300 299.5")
F("cross entropy of a logit", "-(q*ln(sigmoid(z)) + (1-q)*ln(1-sigmoid(z)))", "z",
  lambda q, z: -(q*log(logistic(z)) + (1 - q)*log(1 - logistic(z))), "1 0.5; 0 0.5; 0.3 -2; 0.9 3; 0.5 8")
F("entropy of a coin", "-p*ln(p) - (1-p)*ln(1-p)", "p", lambda p: -p*log(p) - (1 - p)*log(1 - p),
  "0.1; 0.5; 0.3; 0.999; 1e-6")

# ---------------------------------------------------------------- physics, chemistry, biology, money

F("Planck's law in scaled frequency", "x^3/(exp(x)-1)", "x",
  lambda x: x**3/(exp(x) - 1), "0.5; 1e-6; 1; 2.8214393721220787; 20")
F("Planck's law with its constants", "2*6.62607015e-34*ν^3/299792458^2/(exp(6.62607015e-34*ν/(1.380649e-23*T))-1)", "T",
  lambda ν, T: 2*R("6.62607015e-34")*ν**3/Integer(299792458)**2/(exp(R("6.62607015e-34")*ν/(R("1.380649e-23")*T)) - 1),
  "5e14 5772; 1e12 300; 1.6e11 2.725; 3e13 310; 6e14 3000")
F("blackbody ratio of two temperatures", "(exp(a/T1)-1)/(exp(a/T2)-1)", "T1", lambda a, T1, T2: (exp(a/T1) - 1)/(exp(a/T2) - 1),
  "14388 5772 3000; 1000 300 310; 1 100 50; 480 2.7 30; 5000 1000 1000")
F("Maxwell-Boltzmann speeds", "sqrt(2/pi)*v^2*exp(-v^2/(2a^2))/a^3", "v", lambda v, a: sqrt(2/pi)*v**2*exp(-v**2/(2*a**2))/a**3,
  "1 1; 0.1 2; 300 250; 1000 250; 5 0.9")
F("van der Waals pressure", "8.314*T/(V-b) - a/V^2", "V", lambda T, V, a, b: R("8.314")*T/(V - b) - a/V**2,
  "300 0.0248 0.364 4.27e-5; 273.15 0.0224 0.137 3.87e-5; 500 0.001 0.5536 3.05e-5; 304.13 1e-4 0.364 4.27e-5; 1000 2 1.5 0.03")
F("Redlich-Kwong pressure", "R*T/(V-b) - a/(sqrt(T)*V*(V+b))", "T", lambda R, T, V, a, b: R*T/(V - b) - a/(sqrt(T)*V*(V + b)),
  "8.314 300 0.02 6.46 2.97e-5; 8.314 500 0.001 14.3 2.1e-5; 1 2 3 4 0.5; "
  "8.314 150 0.005 1.55 2.7e-5; 0.08206 400 10 63.8 0.0297")
F("Lennard-Jones", "4*ε*((σ/r)^12 - (σ/r)^6)", "r", lambda ε, σ, r: 4*ε*((σ/r)**12 - (σ/r)**6),
  "1 1 1.1; 1 1 0.9; 0.997 3.4 3.8; 2 1 1.122462048309373; 1 2.5 10")
F("Lennard-Jones, second derivative", "4*ε*((σ/r)^12 - (σ/r)^6)", "r,r", lambda ε, σ, r: 4*ε*((σ/r)**12 - (σ/r)**6),
  "1 1 1.1; 1 1 0.9; 0.997 3.4 3.8; 2 1 1.122462048309373; 1 2.5 10")
F("Morse potential", "D_e*(1-exp(-a*(r-r0)))^2", "r", lambda D_e, a, r, r0: D_e*(1 - exp(-a*(r - r0)))**2,
  "4.75 1.94 0.8 0.741; 1 1 1.5 1; 10 0.5 0.2 2; 4.75 1.94 0.742 0.741; 3 2 9 1.2")
F("Yukawa, screened by a Debye length", "q*exp(-r/λ_D)/r", "r", lambda q, r, λ_D: q*exp(-r/λ_D)/r,
  "1 1 1; 2 0.1 3; -1 5 0.5; 1.44 10 7.9; 3 0.001 0.3")
F("Einstein heat capacity", "3R_g*(θ/T)^2*exp(θ/T)/(exp(θ/T)-1)^2", "T",
  lambda R_g, θ, T: 3*R_g*(θ/T)**2*exp(θ/T)/(exp(θ/T) - 1)**2,
  "8.314 240 300; 8.314 1320 300; 1 1 1; 8.314 240 20; 8.314 100 5000")
F("Fermi-Dirac occupation", "1/(exp((u-μ)/(k_B T))+1)", "T", lambda u, μ, k_B, T: 1/(exp((u - μ)/(k_B*T)) + 1),
  "1.1 1 8.617333262e-5 300; 0.9 1 8.617333262e-5 300; 2 1 1 1; 5 5.5 0.1 2; 0.3 0.2 8.617333262e-5 77")
F("Bose-Einstein occupation", "1/expm1(u/T)", "u", lambda u, T: 1/(exp(u/T) - 1), "1 1; 0.001 2; 5 0.5; 0.1 10; 1e-8 1")
F("Langevin magnetisation", "coth(x) - 1/x", "x", lambda x: coth(x) - 1/x, "0.01; 0.5; -1; 3; 50")
F("Arrhenius rate", "A*exp(-E_a/(8.314462618*T))", "T", lambda A, E_a, T: A*exp(-E_a/(R("8.314462618")*T)),
  "1e13 50000 298.15; 1e10 75000 350; 5 1000 100; 2.5e11 120000 900; 1 0.5 300")
F("Nernst potential", "R_g*T/(z*F_c)*ln(c_o/c_i)", "c_i", lambda R_g, T, z, F_c, c_o, c_i: R_g*T/(z*F_c)*log(c_o/c_i),
  "8.314 310 1 96485 4 140; 8.314 310 1 96485 145 12; 8.314 298.15 2 96485 2 0.0001; 8.314 310 -1 96485 110 10; 1 1 1 1 1 2")
F("Butler-Volmer current", "j0*(exp(α*c*η) - exp(-(1-α)*c*η))", "η",
  lambda j0, α, c, η: j0*(exp(α*c*η) - exp(-(1 - α)*c*η)),
  "1 0.5 38.9 0.05; 0.001 0.3 38.9 -0.2; 10 0.5 38.9 1e-6; 2 0.7 25 0.3; 1e-7 0.5 38.9 0.6")
F("Antoine vapour pressure", "10^(A - B/(C+T))", "T", lambda A, B, C, T: 10**(A - B/(C + T)),
  "8.07131 1730.63 233.426 25; 8.07131 1730.63 233.426 99.9; 7.11714 1210.595 229.664 20; 8.20417 1642.89 230.3 78; 1 2 3 4")
F("Michaelis-Menten", "V_max*s/(K_m+s)", "s",
  lambda V_max, s, K_m: V_max*s/(K_m + s), "10 1 2; 1 0.01 5; 3 100 0.1; 7 7 7; 0.5 1e-6 0.02")
F("Hill response", "x^n/(K^n + x^n)", "n", lambda x, n, K: x**n/(K**n + x**n), "1 2 2; 0.5 4 0.3; 3 1 3; 26 2.8 40; 100 2.8 26")
F("logistic growth", "K/(1 + (K-N0)/N0*exp(-r*t))", "t", lambda K, N0, r, t: K/(1 + (K - N0)/N0*exp(-r*t)),
  "100 5 0.5 0; 100 5 0.5 6; 1000 1 1.1 3.3; 1 0.01 2 10; 50 60 0.1 4")
F("damped oscillator", "A exp(-γ t) cos(ω t + δ)", "t", lambda A, γ, t, ω, δ: A*exp(-γ*t)*cos(ω*t + δ),
  "1 0.1 0 2 0; 2 0.5 1.5 6.28 0.3; 1 0.01 100 1 0; 0.3 3 0.2 50 1; 5 0.2 7 0.5 -2")
F("damped oscillator, acceleration", "exp(-t/5)*sin(2t)", "t,t", lambda t: exp(-t/5)*sin(2*t), "0; 1; 0.785; 10; 3.3")
F("pendulum period to fourth order", "2π √(l/g) (1 + θ²/16 + 11θ^4/3072)", "l",
  lambda l, g, θ: 2*pi*sqrt(l/g)*(1 + θ**2/16 + 11*θ**4/3072), "1 9.81 0.1; 0.25 9.81 1; 67 9.81 0.05; 1 1.62 0.5; 2 9.8 0")
F("projectile range", "v^2*sin(2θ)/g", "θ",
  lambda v, θ, g: v**2*sin(2*θ)/g, "10 0.5 9.81; 30 0.7853981633974483 9.81; 5 1.5 1.62; 100 0.01 9.81; 1 1 1")
F("relativistic kinetic energy", "m*c^2*(1/sqrt(1-v^2/c^2) - 1)", "v", lambda m, c, v: m*c**2*(1/sqrt(1 - v**2/c**2) - 1),
  "1 1 0.5; 1 1 0.001; 2 299792458 1e5; 1 1 0.99; 0.511 1 0.9999")
F("relativistic Doppler shift", "f0*sqrt((1+β)/(1-β))", "β",
  lambda f0, β: f0*sqrt((1 + β)/(1 - β)), "1 0.1; 5 -0.5; 100 0.9; 1420 0.0001; 2 0.999")
F("Compton shift", "λ + 2.42631e-12*(1-cos(θ))", "θ", lambda λ, θ: λ + R("2.42631e-12")*(1 - cos(θ)),
  "7.1e-11 0.5; 1e-12 1.5707963267948966; 2e-11 3; 5e-12 0.001; 1e-10 2.2")
F("Rayleigh scattering", "σ0*(1+cos(θ)^2)/(2λ^4)", "λ",
  lambda σ0, θ, λ: σ0*(1 + cos(θ)**2)/(2*λ**4), "1 0.5 0.55; 2 1.57 0.4; 1 0 0.7; 0.3 3 1.064; 1 1 10")
F("thin lens image distance", "1/(1/f_1 - 1/d)", "d",
  lambda f_1, d: 1/(1/f_1 - 1/d), "10 15; 10 5; 50 1000; -20 30; 0.1 0.1001")
F("Kepler's equation", "u - ε*sin(u)", "u", lambda u, ε: u - ε*sin(u), "0.1 0.0167; 1 0.2; 3 0.97; 0.001 0.999; 6 0.5")
F("barometric formula", "101325*(1 - 0.0065*h/288.15)^5.255", "h", lambda h: 101325*(1 - R("0.0065")*h/R("288.15"))**R("5.255"),
  "0; 100; 1500; 8848.86; 11000")
F("catenary", "a*cosh((x-x0)/a)", "a", lambda a, x, x0: a*cosh((x - x0)/a), "1 1 0; 2 0.5 0.1; 10 3 -4; 0.5 2 1; 100 1 0")
F("Lorentzian", "γ/(pi*((x-x0)^2+γ^2))", "γ",
  lambda γ, x, x0: γ/(pi*((x - x0)**2 + γ**2)), "1 0 0; 0.1 1 1.05; 2 3 -1; 0.01 5 5; 0.5 10 0")
F("Gaussian in its width", "e^(-(x-μ)²/(2σ²)) / (σ √(2π))", "σ",
  lambda x, μ, σ: exp(-(x - μ)**2/(2*σ**2))/(σ*sqrt(2*pi)),
  "0 0 1; 1 0 1; 2.5 1 0.4; -3 0.5 2; 10 9.9 0.03")
F("option price with a logistic bell",
  "S*sigmoid(1.702*(ln(S/K)+(r+σ^2/2)*T)/(σ*sqrt(T))) - K*exp(-r*T)*sigmoid(1.702*(ln(S/K)+(r-σ^2/2)*T)/(σ*sqrt(T)))",
  "σ",
  lambda S, K, r, σ, T: (S*logistic(R("1.702")*(log(S/K) + (r + σ**2/2)*T)/(σ*sqrt(T)))
                         - K*exp(-r*T)*logistic(R("1.702")*(log(S/K) + (r - σ**2/2)*T)/(σ*sqrt(T)))),
  "100 100 0.05 0.2 1; 100 120 0.01 0.35 0.5; 42 40 0.1 0.2 0.5; 1 1 0 0.5 2; 250 200 0.03 0.15 0.1")
F("smooth neuron", "softplus(w*x+b)*tanh(v) + b^2", "w", lambda w, x, b, v: log(1 + exp(w*x + b))*tanh(v) + b**2,
  "0.5 1 0.1 0.3; -2 3 1 -1; 10 4 0 2; -5 8 0.5 0.01; 0 1 0 1")

# ---------------------------------------------------------------- cancellation

F("compound growth", "(exp(x)-1)/x", "x", lambda x: (exp(x) - 1)/x, "1e-8; 1e-5; -0.001; 0.1; 3")
F("difference of roots", "sqrt(x+1)-sqrt(x)", "x", lambda x: sqrt(x + 1) - sqrt(x), "1e-8; 1; 1e6; 1e10; 1e15")
F("one less cosine over a square", "(1-cos(x))/x^2", "x",
  lambda x: (1 - cos(x))/x**2, "1e-4; 0.01; -1e-6; 1; 6.283185307179586")
F("logarithm near one over x", "ln(1+x)/x", "x", lambda x: log(1 + x)/x, "1e-10; 1e-5; -0.001; 0.5; 100")
F("x less sine over a cube", "(x-sin(x))/x^3", "x", lambda x: (x - sin(x))/x**3, "0.001; 0.1; -0.02; 1; 10")
F("difference of reciprocals", "1/x - 1/(x+1)", "x", lambda x: 1/x - 1/(x + 1), "1e8; 1e4; 1; -0.5; 1e12")
F("cross term of a square", "(x+y)^2 - x^2 - y^2", "x",
  lambda x, y: (x + y)**2 - x**2 - y**2, "1e8 0.001; 1 1; 1e-5 1e5; -3 0.1; 12345.678 1e-6")

# ---------------------------------------------------------------- pieces, away from their boundaries

F("three pieces", "piecewise(x<0, x^2, x<2, sin(x), ln(x))", "x",
  lambda x: choose(x < 0, x**2, choose(x < 2, sin(x), log(x))), "-1; 0.5; 1.9; 2.5; 100")
F("one condition", "if x > 1 then x^3 else 2-x", "x", lambda x: choose(x > 1, x**3, 2 - x), "-1; 0; 0.999; 1.001; 7")
F("condition on two variables", "if x > y then x*y^2 else exp(x)/y", "y",
  lambda x, y: choose(x > y, x*y**2, exp(x)/y), "1 2; 2 1; -1 -3; 0.5 0.6; 10 -0.1")
F("sum of two distances", "|x-2| + |x+3|", "x", lambda x: absolute(x - 2) + absolute(x + 3), "0; 5; -4; 1.999; -2.5")
F("sawtooth under a line", "x*mod(x, 3)", "x", lambda x: x*(x - 3*Floor(x/3)), "1; 2.5; -1; 7.3; 100.5")
F("steps under a parabola", "floor(x)*x^2 - round(x)", "x",
  lambda x: Floor(x)*x**2 - Floor(x + R("1/2")), "0.3; 1.7; -2.4; 10.1; 3.9")
F("larger and smaller", "max(x, y)^2*min(x, y)", "x",
  lambda x, y: larger(x, y)**2*smaller(x, y), "1 2; 2 1; -1 3; -5 -4; 0.1 0.01")
F("two activations", "relu(x-1)*silu(x)", "x", lambda x: larger(x - 1, 0)*x*logistic(x), "0.5; 1.5; -2; 3; 20")
F("signed root", "sign(x)*sqrt(|x|)", "x", lambda x: choose(x > 0, 1, -1)*sqrt(absolute(x)), "0.25; -0.25; 4; -1e-6; 1e10")

# ---------------------------------------------------------------- freer ways to write

F("powers of sine and cosine", "sin^2 x + 3cos^2 x", "x", lambda x: sin(x)**2 + 3*cos(x)**2, "0.1; 1; -2; 3; 10")
F("a tower of powers", "2^x^2", "x", lambda x: 2**(x**2), "0.1; 0.5; -1; 2; 5")
F("two stars for a power", "x**3 - 2**x", "x", lambda x: x**3 - 2**x, "0; 0.5; -1; 3; 10")
F("minus before a square", "-x^2 + 3(x+1)(x-2)", "x", lambda x: -x**2 + 3*(x + 1)*(x - 2), "0; 1; -3; 0.5; 1e4")
F("products by a space", "x y + y z + z x", "y",
  lambda x, y, z: x*y + y*z + z*x, "1 2 3; 0 1 -1; 0.1 0.2 0.3; -5 4 2; 1e3 1 1e-3")
F("functions without parentheses", "asinh x / √(1+x²) + 2 ln x", "x",
  lambda x: asinh(x)/sqrt(1 + x**2) + 2*log(x), "0.1; 0.5; 1; 5; 1000")
F("Greek names with digits", "α_1 |sin x| / (2x) + β2 x", "x",
  lambda α_1, x, β2: α_1*absolute(sin(x))/(2*x) + β2*x, "1 1 1; 2 -1 0.5; 0.3 4 -2; -1 0.1 0; 5 10 3")

write("formulas.md", "A hundred formulas", "Formulas from textbooks and from physics.", "formulas.py")

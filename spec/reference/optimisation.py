"""Makes spec/formulas/optimisation.md: functions that optimisers are tested on. Run: python3 spec/reference/optimisation.py"""

from truth import *  # noqa: F403  the words that a translation is written with

GRADIENT = "x; y; x,y"

F("Booth", "(x+2y-7)^2 + (2x+y-5)^2", GRADIENT, lambda x, y: (x + 2*y - 7)**2 + (2*x + y - 5)**2, "0 0; 1 3; -10 10; 0.1 0.2; 1e4 -1e4")
F("Matyas", "0.26(x^2+y^2) - 0.48 x y", GRADIENT, lambda x, y: R("0.26")*(x**2 + y**2) - R("0.48")*x*y, "0 0; 1 1; -10 9.5; 0.1 0.2; 1e4 -1e4")
F("Branin", "(y - 5.1/(4 pi^2) x^2 + 5/pi x - 6)^2 + 10(1 - 1/(8 pi)) cos(x) + 10", GRADIENT,
  lambda x, y: (y - R("5.1")/(4*pi**2)*x**2 + 5/pi*x - 6)**2 + 10*(1 - 1/(8*pi))*cos(x) + 10,
  "-3.141592653589793 12.275; 0 0; 9.42478 2.475; -5 15; 3 1")
F("Goldstein-Price",
  "(1 + (x+y+1)^2 (19 - 14x + 3x^2 - 14y + 6x*y + 3y^2)) (30 + (2x-3y)^2 (18 - 32x + 12x^2 + 48y - 36x*y + 27y^2))", GRADIENT,
  lambda x, y: (1 + (x + y + 1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))
  * (30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2)), "0 -1; 0 0; 1 1; -2 2; 0.5 -0.3")
F("six-hump camel", "(4 - 2.1x^2 + x^4/3) x^2 + x*y + (-4 + 4y^2) y^2", GRADIENT,
  lambda x, y: (4 - R("2.1")*x**2 + x**4/3)*x**2 + x*y + (-4 + 4*y**2)*y**2, "0 0; 0.0898 -0.7126; 1 1; -3 2; 1.6071 0.5687")
F("three-hump camel", "2x^2 - 1.05x^4 + x^6/6 + x*y + y^2", GRADIENT,
  lambda x, y: 2*x**2 - R("1.05")*x**4 + x**6/6 + x*y + y**2, "0 0; 1 1; -5 5; 0.1 -0.1; 2 3")
F("McCormick", "sin(x+y) + (x-y)^2 - 1.5x + 2.5y + 1", GRADIENT,
  lambda x, y: sin(x + y) + (x - y)**2 - R("1.5")*x + R("2.5")*y + 1, "-0.54719 -1.54719; 0 0; 4 4; -1.5 -3; 1 2")
F("Easom", "-cos(x) cos(y) exp(-((x-pi)^2 + (y-pi)^2))", GRADIENT,
  lambda x, y: -cos(x)*cos(y)*exp(-((x - pi)**2 + (y - pi)**2)), "3.141592653589793 3.141592653589793; 3 3; 0 0; 10 -10; 4 2")
F("Griewank in two", "(x^2+y^2)/4000 - cos(x) cos(y/sqrt(2)) + 1", GRADIENT,
  lambda x, y: (x**2 + y**2)/4000 - cos(x)*cos(y/sqrt(2)) + 1, "0 0; 1 1; -600 600; 3.14 4.44; 0.001 100")
F("Levy 13", "sin(3 pi x)^2 + (x-1)^2 (1 + sin(3 pi y)^2) + (y-1)^2 (1 + sin(2 pi y)^2)", GRADIENT,
  lambda x, y: sin(3*pi*x)**2 + (x - 1)**2*(1 + sin(3*pi*y)**2) + (y - 1)**2*(1 + sin(2*pi*y)**2), "1 1; 0 0; -10 10; 0.5 0.3; 3.3 -2.7")
F("Levy in two", "sin(pi (1 + (x-1)/4))^2 + ((x-1)/4)^2 (1 + 10 sin(pi (1 + (x-1)/4) + 1)^2) + ((y-1)/4)^2 (1 + sin(2 pi (1 + (y-1)/4))^2)",
  "x; y", lambda x, y: (sin(pi*(1 + (x - 1)/4))**2 + ((x - 1)/4)**2*(1 + 10*sin(pi*(1 + (x - 1)/4) + 1)**2)
                        + ((y - 1)/4)**2*(1 + sin(2*pi*(1 + (y - 1)/4))**2)), "1 1; 0 0; -10 10; 0.5 0.3; 3.3 -2.7")
F("Styblinski-Tang", "(x^4 - 16x^2 + 5x + y^4 - 16y^2 + 5y)/2", "x; y; x,x",
  lambda x, y: (x**4 - 16*x**2 + 5*x + y**4 - 16*y**2 + 5*y)/2, "-2.903534 -2.903534; 0 0; 5 -5; 0.1 2; 1 1")
F("Bukin 6, away from its ridge", "100 sqrt(|y - 0.01x^2|) + 0.01|x + 10|", GRADIENT,
  lambda x, y: 100*sqrt(absolute(y - R("0.01")*x**2)) + R("0.01")*absolute(x + 10), "0 1; -5 -3; -15 2.2; 3 0.1; -9.99 1")
F("cross-in-tray", "-0.0001 (|sin(x) sin(y) exp(|100 - sqrt(x^2+y^2)/pi|)| + 1)^0.1", GRADIENT,
  lambda x, y: -R("0.0001")*(absolute(sin(x)*sin(y)*exp(absolute(100 - sqrt(x**2 + y**2)/pi))) + 1)**R("0.1"),
  "1.3494 1.3494; 1 -2; -3 0.5; 9 8; 0.01 0.02")
F("drop wave", "-(1 + cos(12 sqrt(x^2+y^2)))/(0.5(x^2+y^2) + 2)", GRADIENT,
  lambda x, y: -(1 + cos(12*sqrt(x**2 + y**2)))/((x**2 + y**2)/2 + 2), "0.1 0; 1 1; -5.12 5.12; 0.01 0.02; 2 -3")
F("egg holder", "-(y+47) sin(sqrt(|y + x/2 + 47|)) - x sin(sqrt(|x - (y+47)|))", GRADIENT,
  lambda x, y: -(y + 47)*sin(sqrt(absolute(y + x/2 + 47))) - x*sin(sqrt(absolute(x - (y + 47)))), "512 404.2319; 0 0; -100 200; 3 4; 250 -30")
F("Gramacy-Lee", "sin(10 pi x)/(2x) + (x-1)^4", "x; x,x", lambda x: sin(10*pi*x)/(2*x) + (x - 1)**4, "0.5; 1; 2.5; 0.548563; -0.1")
F("Holder table", "-|sin(x) cos(y) exp(|1 - sqrt(x^2+y^2)/pi|)|", GRADIENT,
  lambda x, y: -absolute(sin(x)*cos(y)*exp(absolute(1 - sqrt(x**2 + y**2)/pi))), "8.05502 9.66459; 1 1; -2 0.5; 5 -3; 0.01 0.01")
F("Schaffer 2", "0.5 + (sin(x^2-y^2)^2 - 0.5)/(1 + 0.001(x^2+y^2))^2", GRADIENT,
  lambda x, y: R("0.5") + (sin(x**2 - y**2)**2 - R("0.5"))/(1 + R("0.001")*(x**2 + y**2))**2, "0 0; 1 2; -10 9; 0.1 0.2; 50 30")
F("Schwefel in one", "418.9829 - x sin(sqrt(|x|))", "x; x,x", lambda x: R("418.9829") - x*sin(sqrt(absolute(x))), "420.9687; 1; -302; 0.01; -500")
F("Shubert in one", "sum(i, 1, 5, i cos((i+1) x + i))", "x; x,x", lambda x: sum(i*cos((i + 1)*x + i) for i in range(1, 6)), "0; 1; -7.08; 5.48; 10")
F("Bohachevsky 1", "x^2 + 2y^2 - 0.3 cos(3 pi x) - 0.4 cos(4 pi y) + 0.7", GRADIENT,
  lambda x, y: x**2 + 2*y**2 - R("0.3")*cos(3*pi*x) - R("0.4")*cos(4*pi*y) + R("0.7"), "0 0; 1 1; -100 50; 0.3 0.2; 0.01 -0.02")
F("Zakharov in two", "x^2 + y^2 + (0.5x + y)^2 + (0.5x + y)^4", GRADIENT,
  lambda x, y: x**2 + y**2 + (x/2 + y)**2 + (x/2 + y)**4, "0 0; 1 1; -5 10; 0.1 -0.05; 3 2")
F("Dixon-Price in two", "(x-1)^2 + 2(2y^2 - x)^2", GRADIENT, lambda x, y: (x - 1)**2 + 2*(2*y**2 - x)**2, "1 0.7071067811865476; 0 0; -10 10; 2 3; 0.1 0.1")
F("Michalewicz in two", "-sin(x) sin(x^2/pi)^20 - sin(y) sin(2y^2/pi)^20", "x; y",
  lambda x, y: -sin(x)*sin(x**2/pi)**20 - sin(y)*sin(2*y**2/pi)**20, "2.20 1.57; 1 1; 0.5 3; 3 2; 2.5 0.9")
F("Powell's singular function", "(a+10b)^2 + 5(c-d)^2 + (b-2c)^4 + 10(a-d)^4", "a; b; c; d; a,d",
  lambda a, b, c, d: (a + 10*b)**2 + 5*(c - d)**2 + (b - 2*c)**4 + 10*(a - d)**4,
  "3 -1 0 1; 0 0 0 0; 1 1 1 1; 0.1 0.2 0.3 0.4; -10 5 2 7")
F("Colville", "100(a^2-b)^2 + (a-1)^2 + (c-1)^2 + 90(c^2-d)^2 + 10.1((b-1)^2 + (d-1)^2) + 19.8(b-1)(d-1)", "a; b; c; d; b,d",
  lambda a, b, c, d: (100*(a**2 - b)**2 + (a - 1)**2 + (c - 1)**2 + 90*(c**2 - d)**2 + R("10.1")*((b - 1)**2 + (d - 1)**2)
                      + R("19.8")*(b - 1)*(d - 1)), "1 1 1 1; 0 0 0 0; -3 -1 -3 -1; 0.1 0.2 0.3 0.4; 10 -9 8 -7")
F("Wood's valley in three", "100(y-x^2)^2 + (1-x)^2 + 100(z-y^2)^2 + (1-y)^2", "x; y; z; x,y; y,z",
  lambda x, y, z: 100*(y - x**2)**2 + (1 - x)**2 + 100*(z - y**2)**2 + (1 - y)**2, "1 1 1; 0 0 0; -1.2 1 1; 2 4 16; 0.5 0.2 0.1")
F("Forrester", "(6x-2)^2 sin(12x-4)", "x; x,x", lambda x: (6*x - 2)**2*sin(12*x - 4), "0.75725; 0; 1; 0.3333; 0.5")
F("Langermann's term", "exp(-((x-3)^2+(y-5)^2)/pi) cos(pi ((x-3)^2+(y-5)^2))", GRADIENT,
  lambda x, y: exp(-((x - 3)**2 + (y - 5)**2)/pi)*cos(pi*((x - 3)**2 + (y - 5)**2)), "3 5; 0 0; 2 1; 3.1 4.9; 10 5")
F("Hartmann's term", "-1.2 exp(-(3(x-0.3689)^2 + 10(y-0.117)^2 + 30(z-0.2673)^2))", "x; y; z; x,y,z",
  lambda x, y, z: -R("1.2")*exp(-(3*(x - R("0.3689"))**2 + 10*(y - R("0.117"))**2 + 30*(z - R("0.2673"))**2)),
  "0.1 0.5 0.8; 0.3689 0.117 0.2673; 0 0 0; 1 1 1; 0.5 0.2 0.3")
F("Eason-Fenton's gear", "(12 + x^2 + (1+y^2)/x^2 + (x^2 y^2 + 100)/(x y)^4)/10", GRADIENT,
  lambda x, y: (12 + x**2 + (1 + y**2)/x**2 + (x**2*y**2 + 100)/(x*y)**4)/10, "1.7435 2.0297; 1 1; -2 0.5; 10 3; 0.1 10")

write("formulas/optimisation.md", "Functions that optimisers are tested on", "Gradients and mixed derivatives.", "optimisation.py")

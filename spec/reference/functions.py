"""Makes spec/formulas/functions.md: error function, gamma and its kin, Bessel functions, norms. Run: python3 spec/reference/functions.py"""

from sympy import besselj, digamma, erf, erfc, gamma

from truth import *  # noqa: F403  the words that a translation is written with

def lgamma(x):
    return log(absolute(gamma(x)))

F("error function", "erf(x)", "x; x,x", lambda x: erf(x), "0; 1; -0.5; 1e-9; 5")
F("complementary error function far out", "erfc(x)", "x; x,x", lambda x: erfc(x), "0; 1; -2; 10; 26")
F("normal distribution", "(1 + erf((x-μ)/(σ sqrt(2))))/2", "x; σ; x,σ", lambda x, μ, σ: (1 + erf((x - μ)/(σ*sqrt(2))))/2, "0 0 1; 1 0 0.5; -3 1 2; 2.5 2.5 0.1; 10 9 3")
F("price of an option", "S erfc(-d/sqrt(2))/2 - K exp(-r) erfc(-(d-σ)/sqrt(2))/2", "S; d; σ",
  lambda S, d, K, r, σ: S*erfc(-d/sqrt(2))/2 - K*exp(-r)*erfc(-(d - σ)/sqrt(2))/2, "100 0.35 100 0.05 0.2; 1 0 1 0 1; 42 0.8 40 0.1 0.2; 1 -3 2 0.01 0.5; 10 5 1 0 0.1")
F("diffusion into a half space", "c erfc(x/(2 sqrt(D t)))", "x; t", lambda c, x, D, t: c*erfc(x/(2*sqrt(D*t))), "1 0 1 1; 1 1 1 1; 5 0.01 1e-9 100; 2 3 0.5 0.1; 1 -1 2 3")
F("gamma function of both signs", "gamma(x)", "x; x,x", lambda x: gamma(x), "1; 0.5; 5.5; -0.5; -2.3")
F("logarithm of gamma", "lgamma(x)", "x; x,x", lambda x: lgamma(x), "1.5; 0.001; 100; 1e6; -0.7")
F("digamma", "digamma(x)", "x; x,x", lambda x: digamma(x), "1; 0.1; 10; 1e5; -0.5")
F("beta density with its constant", "x^(a-1) (1-x)^(b-1) gamma(a+b)/(gamma(a) gamma(b))", "x; a", lambda x, a, b: x**(a - 1)*(1 - x)**(b - 1)*gamma(a + b)/(gamma(a)*gamma(b)), "0.5 2 3; 0.1 0.5 0.5; 0.9 5 1; 0.001 1.5 2; 0.99 2 4")
F("gamma log-likelihood", "(k-1) ln(x) - x/θ - k ln(θ) - lgamma(k)", "k; θ; k,k", lambda k, x, θ: (k - 1)*log(x) - x/θ - k*log(θ) - lgamma(k), "1 1 1; 2.5 0.1 3; 0.1 5 0.5; 100 90 1; 3 1e-3 2")
F("Student's log-constant", "lgamma((ν+1)/2) - lgamma(ν/2)", "ν; ν,ν", lambda ν: lgamma((ν + 1)/2) - lgamma(ν/2), "1; 5; 0.1; 30; 1000")
F("Bessel function of order 0", "j0(x)", "x; x,x", lambda x: besselj(0, x), "0; 1; -2.5; 30; 2.404825557695773")
F("Bessel function of order 1 over x", "2 j1(x)/x", "x; x,x", lambda x: 2*besselj(1, x)/x, "1; 0.01; -2.5; 30; 3.8317059702075125")
F("mode of a drum", "j0(k r) cos(c k t)", "r; t; k", lambda k, r, c, t: besselj(0, k*r)*cos(c*k*t), "2.404825557695773 0.5 1 1; 1 0 2 0.1; 5 1 1 3; 10 0.1 0.5 0.2; 0.1 7 1 1")
F("Gaussian error linear unit", "gelu(x)", "x; x,x", lambda x: x*(1 + erf(x/sqrt(2)))/2, "0; 1; -1; 8; -5")
F("logsumexp of three", "logsumexp(a, b, c)", "a; b; a,b", lambda a, b, c: log(exp(a) + exp(b) + exp(c)), "0 0 0; 1 2 3; 300 299 -300; -50 50 0; 0.1 0.2 0.3")
F("norm of three", "norm(x, y, z)", "x; x,y; z,z", lambda x, y, z: sqrt(x**2 + y**2 + z**2), "1 1 1; 1 0 0; -2 3 6; 0.01 0.02 0.03; 1e8 1 1e-2")

write("formulas/functions.md", "Special functions", "The error function, gamma and its kin, Bessel functions, norms.", "functions.py")

"""Makes spec/formulas/densities.md: densities, likelihoods, losses. Run: python3 spec/reference/densities.py"""

from truth import *  # noqa: F403  the words that a translation is written with

F("standard normal density", "exp(-x^2/2)/sqrt(2 pi)", "x; x,x", lambda x: exp(-x**2/2)/sqrt(2*pi), "0; 1; -2; 6; 37")
F("normal log-likelihood", "-ln(σ) - ln(2 pi)/2 - (x-μ)^2/(2 σ^2)", "μ; σ; μ,σ; σ,σ",
  lambda x, μ, σ: -log(σ) - log(2*pi)/2 - (x - μ)**2/(2*σ**2), "0 0 1; 1 0 0.5; 3 3 2; -7 2 0.1; 1e3 999 10")
F("log-normal density", "exp(-(ln(x)-μ)^2/(2σ^2))/(x σ sqrt(2 pi))", "x; σ",
  lambda x, μ, σ: exp(-(log(x) - μ)**2/(2*σ**2))/(x*σ*sqrt(2*pi)), "1 0 1; 0.01 0 1; 10 2 0.5; 3 -1 2; 1e3 5 1")
F("exponential density", "λ exp(-λ t)", "λ; λ,t", lambda λ, t: λ*exp(-λ*t), "1 1; 0.1 20; 5 0; 2 0.001; 0.01 1000")
F("Weibull density", "k/λ (x/λ)^(k-1) exp(-(x/λ)^k)", "x; k; λ",
  lambda x, k, λ: k/λ*(x/λ)**(k - 1)*exp(-(x/λ)**k), "1 1.5 1; 0.1 2 3; 5 0.7 2; 2 5 2.5; 10 1 4")
F("Weibull survival", "exp(-(t/λ)^k)", "t; k", lambda t, λ, k: exp(-(t/λ)**k), "1 1 1; 0.1 2 3; 5 2 0.5; 2 2.5 5; 30 10 1.2")
F("Cauchy density", "1/(pi (1+x^2))", "x; x,x", lambda x: 1/(pi*(1 + x**2)), "0; 1; -3; 1e4; 1e-5")
F("logistic density", "exp(-x)/(1+exp(-x))^2", "x; x,x", lambda x: exp(-x)/(1 + exp(-x))**2, "0; 1; -3; 30; -0.001")
F("Laplace density away from its middle", "exp(-|x-μ|/b)/(2b)", "x; b", lambda x, μ, b: exp(-absolute(x - μ)/b)/(2*b), "1 0 1; -1 0 2; 3 3.001 0.5; 10 -10 5; 0.1 0 0.01")
F("Gumbel density", "exp(-(z + exp(-z)))", "z; z,z", lambda z: exp(-(z + exp(-z))), "0; 1; -2; 10; -4")
F("Rayleigh density", "x/σ^2 exp(-x^2/(2σ^2))", "x; σ", lambda x, σ: x/σ**2*exp(-x**2/(2*σ**2)), "1 1; 0 2; 3 0.7; 10 5; 0.01 0.1")
F("Pareto density", "α m^α/x^(α+1)", "x; α", lambda α, m, x: α*m**α/x**(α + 1), "1 1 2; 2.5 3 3; 0.5 1 100; 3 0.1 5; 1.16 1 1e4")
F("beta density without its constant", "x^(a-1) (1-x)^(b-1)", "x; a; a,b", lambda x, a, b: x**(a - 1)*(1 - x)**(b - 1), "0.5 2 3; 0.1 0.5 0.5; 0.9 5 1; 0.001 1.5 2; 0.999 2 4")
F("gamma density, three degrees", "β^3 x^2 exp(-β x)/2", "x; β", lambda β, x: β**3*x**2*exp(-β*x)/2, "1 1; 2 0.1; 0.5 10; 3 0; 0.1 50")
F("Student's density, five degrees", "8/(3 pi sqrt(5)) (1 + x^2/5)^-3", "x; x,x", lambda x: 8/(3*pi*sqrt(5))*(1 + x**2/5)**-3, "0; 1; -2; 100; 0.001")
F("Poisson log-likelihood", "n ln(λ) - λ", "λ; λ,λ", lambda n, λ: n*log(λ) - λ, "3 2; 0 1; 10 10; 1 0.001; 1e4 9999")
F("binomial log-likelihood", "k ln(p) + (n-k) ln(1-p)", "p; p,p", lambda k, p, n: k*log(p) + (n - k)*log(1 - p), "3 0.3 10; 0 0.5 1; 10 0.999 10; 1 1e-6 2; 50 0.5 100")
F("logit", "ln(p/(1-p))", "p; p,p", lambda p: log(p/(1 - p)), "0.5; 0.001; 0.999; 0.3; 1e-10")
F("probit, approximated", "1/(1 + exp(-(0.07056 x^3 + 1.5976 x)))", "x; x,x", lambda x: 1/(1 + exp(-(R("0.07056")*x**3 + R("1.5976")*x))), "0; 1; -1; 3; -5")
F("softplus far out", "softplus(x)", "x; x,x", lambda x: log(1 + exp(x)), "0; 1; -1; 40; -40")
F("logistic loss", "ln(1 + exp(-y (w x + b)))", "w; b; w,b", lambda y, w, x, b: log(1 + exp(-y*(w*x + b))), "1 0.5 2 0.1; -1 0.5 2 0.1; 1 -3 5 0; 1 10 1 1; -1 0 0 0")
F("squared error of a neuron", "(tanh(w x + b) - y)^2", "w; b; w,w", lambda w, x, b, y: (tanh(w*x + b) - y)**2, "0.5 1 0.1 1; -1 2 0.3 -1; 3 3 1 1; 0 1 0 0.5; 0.1 -5 2 0")
F("two-layer network", "v sigmoid(w x + b) + u relu(s x + c)", "w; s; v,b",
  lambda v, w, x, b, u, s, c: v*logistic(w*x + b) + u*larger(s*x + c, 0), "1 2 0.5 0 1 1 1; -1 0.3 2 1 2 -1 0.5; 2 1 1 1 1 1 -3; 0 1 1 0 1 2 0.1; 3 -2 4 1 0.5 1 1")
F("softmax cross entropy of three", "ln(exp(a)+exp(b)+exp(c)) - a", "a; b; a,b; a,a", lambda a, b, c: log(exp(a) + exp(b) + exp(c)) - a, "0 0 0; 1 2 3; 10 -10 5; 0.1 0.2 0.3; -30 0 30")
F("SiLU", "silu(x)", "x; x,x", lambda x: x*logistic(x), "0; 1; -1; 20; -20")
F("Kullback-Leibler of two normals", "ln(s/r) + (r^2 + (m-n)^2)/(2 s^2) - 1/2", "s; r; m; m,s",
  lambda s, r, m, n: log(s/r) + (r**2 + (m - n)**2)/(2*s**2) - R("1/2"), "1 1 0 0; 2 0.5 1 -1; 0.1 0.2 3 3; 5 1 0 10; 1 100 2 1")
F("Hellinger distance of two normals", "1 - sqrt(2 s r/(s^2 + r^2)) exp(-(m-n)^2/(4(s^2+r^2)))", "s; m",
  lambda s, r, m, n: 1 - sqrt(2*s*r/(s**2 + r**2))*exp(-(m - n)**2/(4*(s**2 + r**2))), "1 1 0 0; 2 0.5 1 -1; 0.1 0.2 3 3; 5 1 0 10; 1 100 2 1")
F("Box-Cox transform", "(x^λ - 1)/λ", "x; λ", lambda x, λ: (x**λ - 1)/λ, "1 1; 2 0.5; 0.1 -1; 10 0.001; 3 2")
F("Fisher's z", "ln((1+r)/(1-r))/2", "r; r,r", lambda r: log((1 + r)/(1 - r))/2, "0; 0.5; -0.9; 0.9999; 1e-8")
F("Gaussian kernel", "exp(-((x-u)^2 + (y-v)^2)/(2 l^2))", "x; l; x,u", lambda x, u, y, v, l: exp(-((x - u)**2 + (y - v)**2)/(2*l**2)), "0 0 0 0 1; 1 0 2 0 1; -1 3 0 1 2; 0.1 0 0 0.1 0.05; 10 0 0 0 5")
F("Matérn kernel of order 3/2", "(1 + sqrt(3) r/l) exp(-sqrt(3) r/l)", "r; l; r,l", lambda r, l: (1 + sqrt(3)*r/l)*exp(-sqrt(3)*r/l), "0 1; 1 1; 0.1 2; 10 0.5; 1e-6 1")
F("Tukey's biweight inside", "(1 - (1 - (x/c)^2)^3) c^2/6", "x; c", lambda x, c: (1 - (1 - (x/c)**2)**3)*c**2/6, "0 4.685; 1 4.685; -3 4.685; 0.01 1; 4.6 4.685")
F("pseudo-Huber loss", "δ^2 (sqrt(1 + (a/δ)^2) - 1)", "a; δ; a,a", lambda δ, a: δ**2*(sqrt(1 + (a/δ)**2) - 1), "1 0; 1 1; 0.1 100; 2 -3; 10 1e-3")

write("formulas/densities.md", "Densities, likelihoods, losses", "What is fitted and learned.", "densities.py")

/**
 * Packages and classes that TeX Live's medium scheme has: those of its collections basic, latex, latexrecommended and
 * mathscience, of which these are the usual ones. What is not here is looked for in the full scheme, which has
 * everything. https://www.tug.org/svn/texlive/trunk/Master/tlpkg/tlpsrc/
 */
export const inMediumScheme: ReadonlySet<string> = new Set(
  `
article report book letter slides minimal amsart amsbook amsproc beamer memoir scrartcl scrreprt scrbook scrlttr2 scrpage2 scrlayer-scrpage
inputenc fontenc textcomp babel amsmath amssymb amsthm amsfonts amsbsy amsopn amstext amscd mathrsfs mathtools bm
geometry graphicx graphics color hyperref natbib array longtable tabularx multicol verbatim calc xspace enumerate theorem
varioref showkeys afterpage delarray dcolumn hhline indentfirst layout rawfonts somedefs trace fontsmpl ftnright shellesc
ifthen makeidx keyval url fancyhdr setspace xcolor caption subcaption subfig booktabs listings microtype float parskip etoolbox
fontspec unicode-math lmodern tikz pgf pgfcore xparse expl3 l3keys2e iftex ifpdf ifxetex ifluatex epstopdf pdfpages eso-pic rotating sidecap
textpos extsizes fancyvrb index mdwlist ntgclass psfrag pslatex pspicture ragged2e rcs section seminar typehtml underscore
upquote anysize bookmark cite crop csquotes euler mparhack ms oberdiek polyglossia powerdot sansmath
siunitx times helvet courier mathptmx palatino mathpazo avant bookman charter newcent chancery nameref aliascnt alltt exscale
doc shortvrb latexsym syntonly tracefnt flafter fix-cm
`
    .split(/\s+/)
    .filter((name) => name !== ''),
);

/** Packages that work with XeTeX and LuaTeX only: https://ctan.org/pkg/fontspec */
export const needsUnicodeEngine: ReadonlySet<string> = new Set([
  'fontspec',
  'polyglossia',
  'unicode-math',
  'mathspec',
  'xltxtra',
]);

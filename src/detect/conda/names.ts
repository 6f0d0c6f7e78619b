/**
 * Packages of conda's channels that are on PyPI too; conda-forge publishes such a mapping of all that it has:
 * https://github.com/regro/cf-graph-countyfair/tree/master/mappings/pypi. A name that is not here is not guessed.
 */

/** The same name in both places. */
const same = `
absl-py accelerate aiohttp altair anndata anyio arviz ase astropy attrs autograd beautifulsoup4 biopython
black bokeh boto3 botocore bottleneck bqplot cartopy catboost cellpose cffi cftime click cloudpickle cmocean
colorama colorcet contextily coverage cryptography ctd cvxopt cvxpy cython dash dask datasets datashader deap
decorator descartes diffusers distributed docutils earthengine-api einops emcee esda evaluate fastapi
fastparquet filelock fiona fire flake8 flask folium fsspec funcy galpy geemap gensim geojson geopandas geopy
geoviews gitpython google-cloud-storage gradio gsw gunicorn gurobipy gym gymnasium h5netcdf h5py hatch
hdf5plugin healpy hickle holoviews html5lib httpx huggingface_hub hvplot hydra-core hypothesis imageio
imbalanced-learn importlib-metadata intake ipdb ipykernel ipyleaflet ipympl ipython ipywidgets isort
itkwidgets jax jaxlib jinja2 joblib jsonschema jupyter jupyter-book jupyter-server jupyter_client
jupyter_contrib_nbextensions jupyter_core jupyter_server jupyterhub jupyterlab jupyterlab-git jupytext k3d
keras kiwisolver langchain leafmap leidenalg libpysal librosa lightgbm lightning llvmlite lmfit
localtileserver loguru lxml mapclassify markdown markupsafe matplotlib matplotlib-inline mdanalysis mdtraj
mesa metpy mkdocs mkdocs-material mlflow mne momepy mpi4py mpmath music21 mypy myst-nb myst-parser natsort
nbconvert nbdime nbformat nbgitpuller nbsphinx nbstripout netcdf4 networkx nglview nibabel nilearn nltk nose
notebook nox numba numexpr numpy numpydoc obspy omegaconf open3d openai opencv-python openpyxl optuna orjson
ortools osmnx packaging pandas pandas-datareader panel papermill param paramiko parcels patsy peewee peft
pennylane pexpect photutils pillow pint pip-tools platformdirs plotly pluggy poetry polars pooch portalocker
pre-commit prettytable prompt-toolkit protobuf psutil psycopg psycopg2 psycopg2-binary pulp py4j pyarrow
pybind11 pycodestyle pydantic pydata-sphinx-theme pydicom pydot pydub pygame pygments pyjwt pylint pymatgen
pymc pymc3 pymongo pymysql pyogrio pyomo pyopengl pyparsing pyproj pyqtgraph pyranges pyriemann pysal pysam
pyserial pyshp pyspark pystac pystac-client pytest pytest-asyncio pytest-cov pytest-mock pytest-timeout
pytest-xdist python-dateutil python-dotenv python-igraph python-slugify pythreejs pytorch-lightning pytz
pyvista pywavelets pyyaml pyzmq qiskit qtconsole qtpy qutip rasterio rasterstats rdkit regex requests
requests-cache rich rioxarray rise rpy2 rtree ruamel.yaml ruff s3fs sacremoses salabim salem scanpy
scikit-image scikit-learn scikit-learn-intelex scikit-optimize scipy scrapy seaborn selenium
sentence-transformers sentencepiece shap shapely simpleitk simplejson simpy six sortedcontainers soundfile
spacy specutils sphinx sphinx-book-theme sphinx-rtd-theme sphinx_rtd_theme splot sqlalchemy sqlalchemy-utils
sqlparse statsmodels streamlit sunpy sympy tabulate tenacity tensorboard tensorflow tensorflow-cpu
tensorflow-probability termcolor textblob threadpoolctl tifffile tiktoken timm tokenizers toml toolz
torchaudio torchmetrics torchtext torchvision tornado tox tqdm traitlets transformers trimesh twine typer
typing-extensions typing_extensions ujson umap-learn uncertainties urllib3 uv uvicorn virtualenv voila vtk
wandb watchdog websocket-client websockets werkzeug widgetsnbextension wordcloud xarray xarray-datatree
xgboost xlrd xlsxwriter xmltodict xskillscore xxhash yapf yfinance zarr zict
`;

/** Another name there. */
const other: Readonly<Record<string, string>> = {
  'dask-core': 'dask',
  importlib_metadata: 'importlib-metadata',
  importlib_resources: 'importlib-resources',
  'matplotlib-base': 'matplotlib',
  'msgpack-python': 'msgpack',
  opencv: 'opencv-python',
  'py-opencv': 'opencv-python',
  plotly_express: 'plotly-express',
  prompt_toolkit: 'prompt-toolkit',
  pyqt: 'PyQt5',
  'redis-py': 'redis',
  pytables: 'tables',
  'python-graphviz': 'graphviz',
  'python-kaleido': 'kaleido',
  'python-levenshtein': 'python-Levenshtein',
  pytorch: 'torch',
  'pytorch-cpu': 'torch',
  pyg: 'torch-geometric',
  'seaborn-base': 'seaborn',
  'tensorflow-base': 'tensorflow',
  ruamel_yaml: 'ruamel.yaml',
  'py-xgboost': 'xgboost',
  'py-xgboost-cpu': 'xgboost',
  'pymc-base': 'pymc',
  pytorch_geometric: 'torch-geometric',
};

const names = new Map<string, string>([
  ...same
    .split(/\s+/)
    .filter((name) => name !== '')
    .map((name): [string, string] => [name, name]),
  ...Object.entries(other),
]);

/** What pip calls a package of conda's; null where nidify does not know. */
export function pypiName(name: string): string | null {
  return names.get(name) ?? null;
}

/** What an environment of nixpkgs and pip has without being asked. */
export const implied: ReadonlySet<string> = new Set([
  ...[
    'pip',
    'setuptools',
    'wheel',
    'python_abi',
    'ca-certificates',
    'certifi',
    'openssl',
    'ncurses',
    'readline',
  ],
  ...[
    'tk',
    'sqlite',
    'zlib',
    'xz',
    'bzip2',
    'libffi',
    'libgcc-ng',
    'libstdcxx-ng',
    'libgcc',
    'libgomp',
    '_openmp_mutex',
  ],
  ...[
    'libblas',
    'blas',
    'libcblas',
    'liblapack',
    'mkl',
    'nomkl',
    'intel-openmp',
    'libgfortran-ng',
    'tzdata',
    'expat',
  ],
  ...['ld_impl_linux-64', '_libgcc_mutex', 'conda', 'mamba', 'bash', 'coreutils', 'nano', 'less'],
]);

/** Interpreters: the id of their toolchain. */
export const interpreters: Readonly<Record<string, string>> = {
  python: 'python',
  'r-base': 'r',
  julia: 'julia',
  nodejs: 'node',
  perl: 'perl',
};

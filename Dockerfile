# Two stages: the packages are installed with uv, the image that runs has neither uv nor dev group.
FROM python:3.13.16-slim-trixie AS packages
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /app
COPY pyproject.toml .python-version ./
RUN uv sync --no-dev

FROM python:3.13.16-slim-trixie
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORT=8000
RUN groupadd --gid 10001 flexion && useradd --uid 10001 --gid 10001 --no-create-home flexion
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY . .
RUN python manage.py collectstatic --noinput && install -d -o 10001 -g 10001 /media
USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=20s --timeout=10s --start-period=60s \
    CMD ["python", "manage.py", "healthcheck", "web"]
CMD ["gunicorn", "config.wsgi", "--worker-class", "gthread", "--workers", "2", "--threads", "8", \
     "--worker-tmp-dir", "/dev/shm", "--timeout", "30", "--max-requests", "5000", \
     "--max-requests-jitter", "500"]

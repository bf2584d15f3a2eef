"""Uploads the files of a folder with boto3: FOLDER BUCKET ENDPOINT CONCURRENCY, credentials from the environment."""

import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config

folder, bucket, endpoint, concurrency = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1", config=Config(s3={"addressing_style": "path"}))
transfer = TransferConfig(max_concurrency=concurrency)
files = list(pathlib.Path(folder).iterdir())
one_by_one = len(files) == 1


def upload(file):
    client.upload_file(str(file), bucket, file.name, Config=transfer)


with ThreadPoolExecutor(1 if one_by_one else concurrency) as pool:
    list(pool.map(upload, files))

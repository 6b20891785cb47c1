"""Reads the database's secret from AWS Secrets Manager; needs the `aws` extra."""

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from plccoach_api.settings.environment import InvalidValue, Secret

_CLIENT_CONFIG = Config(connect_timeout=3, read_timeout=3, retries={"total_max_attempts": 2})


def read_secret(name: str, region: str) -> Secret:
    """Returns the text of the current version. boto3 itself reads AWS_ENDPOINT_URL and the usual credentials."""
    try:
        client = boto3.client("secretsmanager", region_name=region, config=_CLIENT_CONFIG)
        return Secret(client.get_secret_value(SecretId=name)["SecretString"])
    except ClientError as error:
        raise InvalidValue(f"AWS Secrets Manager answered {error.response['Error']['Code']} in {region}") from None
    except (BotoCoreError, KeyError, ValueError) as error:
        raise InvalidValue(f"AWS Secrets Manager returned no text in {region} ({type(error).__name__})") from None

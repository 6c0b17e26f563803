import pytest
from shop.lake import ShopLake

pytest_plugins = ["laguna.testing.plugin"]


@pytest.fixture(scope="session")
def published_lake(lake):
    shop = ShopLake(lake["Bucket"], lake["Database"], lake["Job"], lake["WorkGroup"])
    shop.publish()
    return shop


@pytest.fixture
def shop_lake(published_lake, laguna_restored):
    """The lake as it was published: what one test loads, the next does not see."""
    return published_lake

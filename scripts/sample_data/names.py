"""Names as one meets them in Colombia."""

FIRST_NAMES = (
    "María", "José", "Luz Marina", "Carlos Andrés", "Ana Lucía", "Juan David", "Sofía", "Andrés Felipe",
    "Valentina", "Jorge Iván", "Claudia Patricia", "Óscar", "Gloria Inés", "Héctor", "Mónica",
    "Diego Alejandro", "Natalia", "Álvaro", "Paola", "Germán", "Yolanda", "Iván Darío", "Marcela",
    "Ramón", "Beatriz", "Sebastián", "Adriana", "Hernán", "Camila", "Wilson",
)  # fmt: skip
SURNAMES = (
    "Rodríguez", "Gómez", "González", "Martínez", "García", "López", "Hernández", "Sánchez", "Ramírez",
    "Díaz", "Muñoz", "Rojas", "Moreno", "Jiménez", "Vargas", "Ortiz", "Castro", "Suárez", "Gutiérrez",
    "Peña", "Ospina", "Restrepo", "Zuluaga", "Cárdenas", "Quiñones", "Arango", "Mejía", "Pineda",
    "Echeverri", "Ibargüen",
)  # fmt: skip
SHOPS = (
    "Panadería", "Droguería", "Ferretería", "Restaurante", "Supermercado", "Lavandería", "Papelería",
    "Hotel", "Clínica", "Colegio", "Gimnasio", "Cafetería",
)  # fmt: skip
SHOP_NAMES = (
    "La Espiga", "El Roble", "Los Ángeles", "San Martín", "La 14", "El Cañón", "Buenos Aires",
    "La Montaña", "Nuevo Milenio", "El Porvenir", "Doña Rosa", "La Candelaria",
)  # fmt: skip
FACTORIES = (
    "Textiles", "Cementos", "Ingenio", "Siderúrgica", "Alimentos", "Lácteos", "Cerámicas", "Plásticos",
    "Papeles", "Químicos", "Molinos", "Curtiembres",
)  # fmt: skip
FACTORY_NAMES = (
    "del Caribe", "de Antioquia", "del Valle", "Boyacá", "Andinos", "del Magdalena", "Santander",
    "del Eje Cafetero", "Nariño", "del Tolima",
)  # fmt: skip

CITIES = (
    ("Bogotá", 30), ("Medellín", 18), ("Cali", 14), ("Barranquilla", 9), ("Cartagena", 7),
    ("Cúcuta", 5), ("Bucaramanga", 5), ("Pereira", 4), ("Santa Marta", 4), ("Ibagué", 4),
    ("Villavicencio", 3), ("Pasto", 3), ("Manizales", 3), ("Neiva", 3), ("Montería", 3), ("Armenia", 2),
    ("Popayán", 2), ("Valledupar", 2), ("Sincelejo", 2), ("Tunja", 2), ("Riohacha", 1), ("Quibdó", 1),
    ("Itagüí", 2), ("Zipaquirá", 1),
)  # fmt: skip
"""Each with its weight."""

GENERATORS = {
    "hidroeléctrica": (
        "Hidroeléctrica del Río Nare", "Central Hidronare Norte", "Hidrocaldas", "Aguas del Guavio",
        "Hidroeléctrica Sogamoso Alto", "Centrales del Cauca", "Hidroprado", "Generadora Porce Arriba",
        "Hidroeléctrica El Salto Sur", "Embalses de Oriente", "Hidrosierra", "Río Amoyá Generación",
    ),
    "solar": (
        "Parque Solar El Paso", "Solar La Loma", "Sol de La Guajira", "Fotovoltaica del Cesar",
        "Llanos Solar", "Sol y Cielo del Tolima", "Helios Atlántico", "Solar Castilla",
        "Granja Solar Yumbo", "Energía Solar del Meta", "Solares de Córdoba",
    ),
    "eólica": (
        "Eólica Cabo Norte", "Vientos de la Guajira", "Parque Eólico Guajira Uno", "Brisas del Cabo",
        "Viento Norte", "Eólica Alta Guajira", "Aires de Uribia",
    ),
    "térmica": (
        "Termoatlántico", "Térmica del Caribe", "Termosierra", "Termoboyacá Generación",
        "Térmica Malambo Norte", "Termovalle Sur", "Termogalera", "Térmica Zipa",
    ),
    "biomasa": (
        "Bioenergía del Valle", "Ingenio San Jacinto Energía", "Biomasa Palmera",
        "Cogeneración del Cauca", "Bagazo y Energía", "Biogás Doña Inés",
    ),
    "geotérmica": ("Geotérmica del Ruiz", "Azufral Geotermia", "Geotermia Nereidas"),
    "nuclear": ("Importadora Nuclear Andina",),
}  # fmt: skip
"""Suppliers by their kind of energy."""

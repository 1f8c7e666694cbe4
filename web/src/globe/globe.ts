/** The globe: Cesium's widget with the imagery that it ships, set up to ask nothing of any other host. */

import "@cesium/engine/Source/Widget/CesiumWidget.css";
import {
  buildModuleUrl,
  CesiumWidget,
  Color,
  Credit,
  CreditDisplay,
  EllipsoidTerrainProvider,
  ImageryLayer,
  type ImageryTypes,
  Ion,
  TileMapServiceImageryProvider,
  Transforms,
} from "@cesium/engine";

declare global {
  /** Where Cesium looks for its workers and data. */
  var CESIUM_BASE_URL: string;
}

/** The build's folder of Cesium's files, seen from the page (vite.config.ts). */
declare const CESIUM_FOLDER: string;

globalThis.CESIUM_BASE_URL = new URL(`${CESIUM_FOLDER}/`, document.baseURI).href;

// Cesium comes with a token to its makers' service; without one nothing is ever asked there.
Ion.defaultAccessToken = "";

// Text in place of Cesium's own credit, a link to another host around a picture with a style in its markup.
CreditDisplay.cesiumCredit = new Credit("Globe: CesiumJS", true);

// Where the Sun stands is worked out every frame, with tables of the Earth's axis that would be fetched. It lights
// nothing here, so the way without tables will do; positions on the globe are Earth-fixed and do not go through it.
Object.assign(Transforms, { computeIcrfToCentralBodyFixedMatrix: Transforms.computeTemeToPseudoFixedMatrix });

/**
 * Open the globe in an element, which it fills. The element is `aria-busy` while there is imagery still to come.
 *
 * It draws a frame only when something has changed, and under frames.ts only as the machine can.
 */
export function openGlobe(place: HTMLElement): CesiumWidget {
  const imagery = TileMapServiceImageryProvider.fromUrl(buildModuleUrl("Assets/Textures/NaturalEarthII"), {
    credit: new Credit("Imagery: Natural Earth II", true),
  });
  const layer = ImageryLayer.fromProviderAsync(imagery.then(muted), {});
  const widget = new CesiumWidget(place, {
    baseLayer: layer,
    terrainProvider: new EllipsoidTerrainProvider(),
    skyBox: false,
    skyAtmosphere: false,
    // One thing drawn on another costs half as much where it is drawn in order.
    orderIndependentTranslucency: false,
    scene3DOnly: true,
    automaticallyTrackDataSourceClocks: false,
    requestRenderMode: true,
    maximumRenderTimeChange: Number.POSITIVE_INFINITY,
  });
  widget.scene.backgroundColor = Color.fromCssColorString("#0a101e");
  // A haze would pale what is drawn on the ground, and costs most of a frame where no graphics card helps.
  widget.scene.globe.showGroundAtmosphere = false;
  widget.scene.fog.enabled = false;
  place.ariaBusy = "true";
  widget.scene.postRender.addEventListener(() => {
    place.ariaBusy = String(!(layer.ready && widget.scene.globe.tilesLoaded));
  });
  return widget;
}

/**
 * The imagery dark and pale, so that what is drawn on it stands out. Once a tile: Cesium would do it once a pixel in
 * every frame.
 */
function muted(imagery: TileMapServiceImageryProvider): TileMapServiceImageryProvider {
  const request = imagery.requestImage.bind(imagery);
  imagery.requestImage = (...tile) => request(...tile)?.then(mute);
  return imagery;
}

function mute(picture: ImageryTypes): ImageryTypes {
  const canvas = document.createElement("canvas");
  canvas.width = picture.width;
  canvas.height = picture.height;
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  if (pen === null) return picture;
  if (picture instanceof ImageBitmap) {
    // Cesium has turned these upside down, as graphics cards want them; it turns canvases itself.
    pen.translate(0, canvas.height);
    pen.scale(1, -1);
  }
  pen.drawImage(picture, 0, 0);
  for (const [how, colour] of [
    ["saturation", "rgb(128 128 128 / 60%)"],
    ["multiply", "#7c879c"],
  ] as const) {
    pen.globalCompositeOperation = how;
    pen.fillStyle = colour;
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }
  return canvas;
}

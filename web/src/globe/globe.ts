/** The globe: Cesium's widget with the imagery that it ships, set up to ask nothing of any other host. */

import "@cesium/engine/Source/Widget/CesiumWidget.css";
import {
  buildModuleUrl,
  CesiumWidget,
  Credit,
  CreditDisplay,
  EllipsoidTerrainProvider,
  ImageryLayer,
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
 * It draws nothing by itself: see frames.ts.
 */
export function openGlobe(place: HTMLElement): CesiumWidget {
  const imagery = TileMapServiceImageryProvider.fromUrl(buildModuleUrl("Assets/Textures/NaturalEarthII"), {
    credit: new Credit("Imagery: Natural Earth II", true),
  });
  // Dark and pale, so that what is drawn on it stands out.
  const layer = ImageryLayer.fromProviderAsync(imagery, { brightness: 0.5, saturation: 0.35, contrast: 0.9 });
  const widget = new CesiumWidget(place, {
    baseLayer: layer,
    terrainProvider: new EllipsoidTerrainProvider(),
    skyBox: false,
    skyAtmosphere: false,
    // One thing drawn on another costs half as much where it is drawn in order.
    orderIndependentTranslucency: false,
    scene3DOnly: true,
    automaticallyTrackDataSourceClocks: false,
    useDefaultRenderLoop: false,
    requestRenderMode: true,
    maximumRenderTimeChange: Number.POSITIVE_INFINITY,
  });
  // A haze would pale what is drawn on the ground, and costs most of a frame where no graphics card helps.
  widget.scene.globe.showGroundAtmosphere = false;
  widget.scene.fog.enabled = false;
  place.ariaBusy = "true";
  widget.scene.postRender.addEventListener(() => {
    place.ariaBusy = String(!(layer.ready && widget.scene.globe.tilesLoaded));
  });
  return widget;
}

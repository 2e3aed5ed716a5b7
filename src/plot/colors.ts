// Colours of lines and points: apart for colour-blind eyes by their lightness and hue, with a contrast of 3 : 1 and more to white and to
// JupyterLab's dark page (#111) alike.

/** One for each series, in this order; a chart with more repeats them. */
export const seriesColors = ['#3d85c6', '#d9731a', '#2f9e6e', '#c05299', '#8a6d3b', '#8064c8'] as const;

/** What has gone wrong; as text it has 4.6 : 1 on white, 4.1 : 1 on the dark page. */
export const alarmColor = '#d43f3a';

/** What is only noted. */
export const quietColor = '#767676';

export const seriesColor = (index: number): string => seriesColors[index % seriesColors.length]!;
